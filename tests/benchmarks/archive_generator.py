"""Makes an archive of any size for benchmarks: `python -m tests.benchmarks.archive_generator HOME 1000000`.

The first BASE reports go through the loader, with texts of archive_texts.py. Further ones have the same texts under other
addresses, agencies and years, and are written by SQL as the loader would have written them (tests/test_generator.py
compares), which takes a small part of the time. Regions, sectors, years, tags, figures and citations are drawn
so that the views have as many groups as a real archive of that size would have.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import duckdb

from archive.fingerprints import fingerprint
from archive.models import (
    Batch,
    Capture,
    Citation,
    CrawlRun,
    Indicator,
    ListedRow,
    Reading,
    Report,
    Section,
    Tag,
    Tagged,
)
from archive.warehouse import Home, open_writer
from tests.benchmarks import archive_copies
from tests.benchmarks.archive_texts import agency, draw, texts, title, url, year

# Reports with a text of their own.
BASE = 20_000
BATCH = 2_000
START = datetime(2026, 1, 1, tzinfo=UTC)

SECTORS = (
    *("health", "education", "civil_affairs", "agriculture", "finance", "transport", "water", "culture"),
    *("audit", "forestry"),
)
KINDS = ("annual", "annual", "annual", "half", "plan", "gwr", "duty", "special")
FIGURES = ("床位数", "参合率", "接种率", "财政收入", "脱贫人口", "新增就业", "绿化面积", "公路里程")


def region(number: int) -> str:
    """The region of a report's agency, of 20,000."""
    code = agency(number)
    return f"{11 + code % 50}{code // 50 % 20:02}{code // 1000:02}"


def capture(number: int) -> Capture:
    """How a report was fetched."""
    return Capture(
        f"run{number // BATCH}", f"s{agency(number) % 1000}", url(number), "report", 200, "ok",
        START + timedelta(seconds=number // 4), digest=f"{number:064x}", warc_file=f"{number // BATCH}.warc.gz",
        warc_offset=number * 9_000, n_bytes=9_000,
    )  # fmt: skip


def reading(number: int, text: str, base: int = BASE) -> Reading:
    """One report: title, text, figures and citations are those of number % base."""
    report = Report(
        url=url(number), title=title(number % base), text=text,
        published_on=date(year(number) + 1, 1 + number % 12, 1 + number % 28),
        publisher=f"第{agency(number)}县卫生局", index_no=f"{agency(number):09}/{year(number)}-{number % 99999:05}",
        source_kind="government" if agency(number) % 7 else "sharing",
    )  # fmt: skip
    return Reading(
        report, capture(number), tagged(number, text, base), _fingerprint(number % base, text), "b1", "b1"
    )


@lru_cache(maxsize=1)
def _fingerprint(number: int, text: str) -> tuple[int, ...]:
    return tuple(fingerprint(text).tolist())


def tagged(number: int, text: str, base: int) -> Tagged:
    """Nine tags, ten sections, twelve figures, two citations."""
    about = year(number)
    values: dict[str, str | int | float | bool] = {
        "report_types": KINDS[draw(number, 4, 8)], "period_start": f"{about}-01-01", "period_end": f"{about}-12-31",
        "region": region(number), "region_level": "county", "sector": SECTORS[agency(number) % 10],
        "masked_ratio": (0.0, 0.0, 0.5)[draw(number % base, 5, 3)], "is_truncated": False,
    }  # fmt: skip
    step, own = len(text) // 12, number % base
    return Tagged(
        tuple(Tag(name, value, 0.9, "generator", "title", 0, 4) for name, value in values.items()),
        tuple(Section(i, 1, f"{i}、", "标题", False, None, i * step, (i + 1) * step) for i in range(10)),
        tuple(
            Indicator(FIGURES[draw(own, 10 + i, 8)], float(draw(own, 30 + i, 10_000)), "个", i * step, i * step + 6)
            for i in range(12)
        ),
        tuple(Citation("doc_no", f"湖卫发〔2020〕{draw(own, 50 + i, 200)}号", i, 9, 2020) for i in range(2)),
    )  # fmt: skip


def batch(start: int, n: int, base: int = BASE) -> Batch:
    """One batch of the generated archive, with the log of its crawl."""
    made = (next(texts(number % base, 1)) for number in range(start, start + n))
    found = tuple(reading(start + i, text, base) for i, text in enumerate(made))
    listed = (
        ListedRow(r.capture.run_id, r.capture.source, "http://l.example/", r.report.url, r.report.title,
                  r.report.published_on, 1, "fetch", "", r.capture.fetched_at)
        for r in found
    )  # fmt: skip
    return Batch(f"generated:{start}", tuple(r.capture for r in found), tuple(listed), found)


def run(start: int) -> CrawlRun:
    """The run that brought a batch."""
    now = START + timedelta(seconds=start // 4)
    return CrawlRun(f"run{start // BATCH}", f"s{start // BATCH % 1000}", now, now, "done", "end")


def generate(home: Home, n: int, base: int = BASE) -> None:
    """Make an archive of n reports, or bring one of `base` to n, and publish it."""
    with open_writer(home) as writer:
        for start in range(0, min(n, base), BATCH):
            began = time.monotonic()
            writer.load(batch(start, min(BATCH, n - start, base - start), base))
            writer.save_run(run(start))
            print(f"{start + BATCH:>9} loaded in {time.monotonic() - began:.1f} s", flush=True)
        writer.publish()
    if n > base:
        with duckdb.connect(str(home.work_file)) as con:
            archive_copies.multiply(con, base, n)
        with open_writer(home) as writer:
            writer.publish()


if __name__ == "__main__":
    generate(Home(Path(sys.argv[1]).resolve()), int(sys.argv[2]))
