"""From a probed column to its source file: name, title, region and publisher, proposed from what the pages say."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from archive.models import Page, Report
from crawlers.decode import decode
from crawlers.fetching.hosts import is_own_machine, labels_of
from crawlers.probe import Probe
from crawlers.source import Source, SourceError

_META = re.compile(r"<meta\b[^<>]{0,600}>", re.IGNORECASE)
_PAIR = re.compile(r"""\b(name|content)\s*=\s*(?:"([^"]{0,300})"|'([^']{0,300})')""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,100}>([^<]{1,200})", re.IGNORECASE)
# 网站标识码 of a local government: a division code of six digits and four of its own.
_SITE_CODE = re.compile(r"(\d{6})\d{4}")
# A promise below what was seen: a column may lose a report or two without anything being wrong.
_SURE_SHARE = 0.8
# The keys of a source file in the order in which a person reads them.
_KEYS = (
    "title",
    "kind",
    "columns",
    "at_least",
    "family",
    "title_filter",
    "browser",
    "region",
    "publisher",
    "delay",
    "notes",
)


def draft(url: str, taken: Collection[str] = (), name: str | None = None) -> Source:
    """A source for a column of which nothing is known but its address, under a name that is not taken.

    >>> draft("http://wjw.tianmen.gov.cn/zfxxgk/ghjh/").name
    'tianmen_wjw'
    >>> draft("http://wjw.tianmen.gov.cn/zfxxgk/ghjh/", {"tianmen_wjw"}).kind
    'government'

    Raises:
        SourceError: the address is no web address, or the name cannot be a file's name.
    """
    host = urlsplit(url).hostname or ""
    kind = "government" if f".{host}".endswith(".gov.cn") else "sharing"
    values = {"name": name or name_for(url, taken), "title": host or url, "kind": kind, "columns": (url,)}
    try:
        return Source.model_validate(values | {"at_least": 0})
    except ValidationError as error:
        problem = error.errors()[0]
        raise SourceError(f"{problem['input']!r} cannot be used: {problem['msg']}") from error


def name_for(url: str, taken: Collection[str] = ()) -> str:
    """A file name for a column: its site's name, its office's, and its folder's or a number where those are taken.

    >>> name_for("https://www.fanwen.com/haowen/"), name_for("http://127.0.0.1:80/list/")
    ('fanwen', 's127_0_0_1')
    >>> name_for("http://www.fanwen.com/haowen/", {"fanwen"}), name_for("http://a.com/", {"a"})
    ('fanwen_haowen', 'a_2')
    """
    parts = urlsplit(url)
    base = _slug("_".join(label for label in labels_of(parts.hostname or "") if label != "www"))
    folders = [_slug(piece) for piece in parts.path.split("/") if piece and "." not in piece]
    choices = [
        base,
        *(f"{base}_{folder}" for folder in folders[-1:]),
        *(f"{base}_{n}" for n in range(2, 1000)),
    ]
    return next(choice for choice in choices if choice not in taken)


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40] or "source"
    return slug if slug[0].isalpha() else f"s{slug}"


def propose(found: Probe) -> Source:
    """The source as its file would say it, with what the list page and the first report tell of it."""
    tags = standard_tags(found.list_page) if found.list_page else {}
    site, column = tags.get("sitename", ""), tags.get("columnname", "")
    code = _SITE_CODE.fullmatch(tags.get("siteidcode", ""))
    report = found.reading if isinstance(found.reading, Report) else None
    host = urlsplit(found.source.columns[0]).hostname or ""
    known = {
        "title": " ".join(filter(None, (site, column))) or tags.get("title") or found.source.title,
        "kind": "government" if code else found.source.kind,
        "at_least": max(1, int(len(found.links) * _SURE_SHARE)),
        "region": code[1] if code else None,
        "publisher": (report.publisher if report else None) or site or None,
        # Said outright, because behind a proxy on the own machine a live site cannot be told from a replay.
        "delay": None if is_own_machine(host) else 1.0,
        "notes": f"Proposed by `workreports sources add`; list family {found.run.family}.",
    }
    return found.source.model_copy(update=known)


def standard_tags(page: Page) -> dict[str, str]:
    """The meta tags of a page by name in lower case (SiteName, ColumnName, SiteIDCode …), and its title."""
    html = decode(page.body, page.content_type)
    tags: dict[str, str] = {}
    for tag in _META.findall(html):
        pair = {key.lower(): (double or single).strip() for key, double, single in _PAIR.findall(tag)}
        if "name" in pair and pair.get("content"):
            tags.setdefault(pair["name"].lower(), pair["content"])
    if title := _TITLE.search(html):
        tags.setdefault("title", " ".join(title[1].split()))
    return tags


def to_toml(source: Source) -> str:
    """The text of a source's file: what differs from the defaults, one key a line."""
    values = source.model_dump(exclude_defaults=True)
    # JSON's strings, numbers and arrays of strings are TOML's too.
    return "".join(
        f"{key} = {json.dumps(values[key], ensure_ascii=False)}\n" for key in _KEYS if key in values
    )


def save(source: Source, found: Probe, folder: Path) -> Path:
    """Write `NAME.toml` and freeze the pages it was proposed from in `NAME.pages/`, ready for `extract` and `links`.

    Raises:
        FileExistsError: a source of this name is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{source.name}.toml"
    with path.open("x", encoding="utf-8") as file:
        file.write(to_toml(source))
    frozen = folder / f"{source.name}.pages"
    frozen.mkdir(exist_ok=True)
    with (frozen / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for kind, page in (("list", found.list_page), ("report", found.report_page)):
            if page is not None:
                (frozen / f"{kind}.html").write_bytes(page.body)
                headers = {"Content-Type": page.content_type}
                row = {"id": kind, "url": page.url, "file": f"{kind}.html", "kind": kind, "headers": headers}
                manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path
