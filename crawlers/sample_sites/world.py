"""All sample sites together, and what a faithful crawl of them must find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawlers.sample_sites.site import Site
from crawlers.sample_sites.sites import (
    biganzi,
    fanwenku,
    qingling_jyj,
    qingshihe,
    shiqiao_mzj,
    wendangge,
    yunhe_wjw,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the sites hold. Addresses throughout; the sharing site's page is the key, the original the value."""

    n_reports: Mapping[str, int]  # source name -> reports, the parts of a compilation counted singly
    not_reports: Mapping[str, tuple[str, ...]]  # source name -> notices and news in the same columns
    copies: Mapping[str, str]  # re-dated or masked page -> original
    previews: Mapping[str, str]  # paywalled page -> original
    compilations: Mapping[str, tuple[str, ...]]  # page -> the originals of its parts, in order
    only_attached: Mapping[str, str]  # page -> address of the file that holds the report


def build_sites() -> tuple[Site, ...]:
    """Seven sites, the same ones every time; three of them share what the others published."""
    health, education, civil = yunhe_wjw.build(), qingling_jyj.build(), shiqiao_mzj.build()
    governments = (health, education, civil)
    return (
        *governments,
        qingshihe.build(),
        biganzi.build(health),
        wendangge.build(*governments),
        fanwenku.build(*governments),
    )


def expected(sites: tuple[Site, ...]) -> Expected:
    """What a crawl of these sites must find, as they are now."""
    rows = [(site, entry, site.url_of(entry)) for site in sites for entry in site.entries]
    return Expected(
        n_reports={s.name: sum(e.n_reports for e in s.entries if e.kind == "report") for s in sites},
        not_reports={s.name: tuple(s.url_of(e) for e in s.entries if e.kind != "report") for s in sites},
        copies={url: entry.copied_from for _, entry, url in rows if entry.copied_from},
        previews={url: entry.preview_of for _, entry, url in rows if entry.preview_of},
        compilations={url: entry.parts for _, entry, url in rows if entry.parts},
        only_attached={url: f"http://{s.host}{e.files[0].path}" for s, e, url in rows if e.files},
    )
