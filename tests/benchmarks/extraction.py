"""Compare readers of pages on a folder with gold: `python -m tests.benchmarks.extraction FOLDER [--reps N]`.

FOLDER holds manifest.jsonl ({id, url, file}), gold.jsonl ({id, site, text, title, published_on, chrome}) and the
pages. One table is printed: body F1 over character 4-grams as the mean over pages and over sites, pages with
F1 >= 0.9, leaked chrome, titles, dates, empty pages, and time as a ratio to trafilatura's default. Readers that
are not installed are left out; all run interleaved in one process, page by page.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from typing import Any

from archive.models import Page, Rejection
from crawlers.decode import decode
from crawlers.pages.reading import Guidance, read_with


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found on a page; None where it does not look for it."""

    text: str
    title: str | None = None
    published_on: str | None = None


@dataclass(slots=True)
class Tally:
    """What a reader reached over all pages."""

    f1: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    leaks: list[bool] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)
    n_empty: int = 0
    seconds: float = 0.0


Reader = Callable[[Page], Found]


def ours(page: Page) -> Found:
    """This project, reading any article."""
    found = read_with(page, (), Guidance(only_reports=False))
    if isinstance(found, Rejection):
        return Found("", found.title)
    day = found[0].published_on
    return Found("\n".join(report.text for report in found), found[0].title, day.isoformat() if day else "")


def trafilatura_default(page: Page) -> Found:
    """bare_extraction of the bytes as they came."""
    document = import_module("trafilatura").bare_extraction(page.body)
    return Found((document.text if document else "") or "")


def trafilatura_with_metadata(page: Page) -> Found:
    """The same with title and date."""
    document = import_module("trafilatura").bare_extraction(page.body, with_metadata=True)
    return (
        Found(document.text or "", document.title or "", document.date or "")
        if document
        else Found("", "", "")
    )


def readability(page: Page) -> Found:
    """readability-lxml on the decoded page."""
    document = import_module("readability").Document(decode(page.body, page.content_type))
    text = re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|div|tr|li|h\d)>|<br[^>]*>", "\n", document.summary()))
    return Found(import_module("html").unescape(text), document.short_title())


def gne(page: Page) -> Found:
    """GeneralNewsExtractor on the decoded page."""
    found = import_module("gne").GeneralNewsExtractor().extract(decode(page.body, page.content_type))
    return Found(found["content"], found["title"], (found["publish_time"] or "")[:10])


def resiliparse(page: Page) -> Found:
    """resiliparse's main content on the decoded page."""
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return Found(extract(decode(page.body, page.content_type), main_content=True))


READERS: dict[str, tuple[str, Reader]] = {
    "this project": ("crawlers", ours),
    "trafilatura default": ("trafilatura", trafilatura_default),
    "trafilatura with_metadata": ("trafilatura", trafilatura_with_metadata),
    "readability-lxml": ("readability", readability),
    "GNE": ("gne", gne),
    "resiliparse": ("resiliparse", resiliparse),
}


def normalise(text: str | None) -> str:
    """Text as compared: NFKC, without white space and Markdown marks."""
    return re.sub(r"[\s\u200b\ufeff|*#>`_\-•·]+", "", unicodedata.normalize("NFKC", text or ""))


def grams(text: str) -> Counter[str]:
    """Character 4-grams of a normalised text."""
    return Counter(text[start : start + 4] for start in range(max(1, len(text) - 3))) if text else Counter()


def f1(wanted: str, found: str) -> float:
    """Body F1 of two texts."""
    a, b = grams(normalise(wanted)), grams(normalise(found))
    return 2 * (a & b).total() / (a.total() + b.total()) if a and b else float(a == b)


def judge(tally: Tally, gold: Mapping[str, Any], found: Found) -> None:
    """Add one page to a reader's tally."""
    tally.f1[gold["site"]].append(f1(gold["text"], found.text))
    body = normalise(found.text)
    tally.n_empty += not body
    tally.leaks += [normalise(snippet) in body for snippet in gold.get("chrome") or ()]
    if found.title is not None and gold.get("title"):
        wanted = {normalise(title) for title in (gold["title"], *(gold.get("title_alt") or ()))}
        tally.titles.append(normalise(found.title) in wanted)
    if found.published_on is not None and gold.get("published_on"):
        tally.dates.append(found.published_on == gold["published_on"])


def run(folder: Path, reps: int) -> dict[str, Tally]:
    """Read every page that has gold with every installed reader, interleaved."""
    lines = (folder / "manifest.jsonl").read_text("utf-8").splitlines()
    pages = {row.get("id") or row["url"]: row for row in map(json.loads, filter(None, lines))}
    golds = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines() if line]
    readers = {name: read for name, (module, read) in READERS.items() if find_spec(module)}
    tallies = {name: Tally() for name in readers}
    for gold in golds:
        row = pages[gold["id"]]
        page = Page(row["url"], (folder / row["file"]).read_bytes())
        for rep in range(reps):
            for name, read in readers.items():
                started = time.process_time()
                try:
                    found = read(page)
                except Exception as error:  # a reader that fails on a page has read nothing
                    print(f"{name} on {gold['id']}: {type(error).__name__}", file=sys.stderr)
                    found = Found("")
                tallies[name].seconds += time.process_time() - started
                if rep == 0:
                    judge(tallies[name], gold, found)
    return tallies


def table(tallies: Mapping[str, Tally]) -> str:
    """The figures as lines of text, one reader a line; a dash where a reader gives no such field."""
    base = tallies["trafilatura default"].seconds
    lines = [
        f"{'reader':<27}{'F1':>7}{'by site':>9}{'>=.9':>6}{'leak':>7}{'title':>7}{'date':>7}{'empty':>7}{'time':>7}"
    ]
    for name, tally in tallies.items():
        scores = [score for site in tally.f1.values() for score in site]
        share = {key: f"{mean(values):.3f}" if values else "-" for key, values in
                 (("leak", tally.leaks), ("title", tally.titles), ("date", tally.dates))}  # fmt: skip
        lines.append(
            f"{name:<27}{mean(scores):>7.4f}{mean(map(mean, tally.f1.values())):>9.4f}"
            f"{mean(score >= 0.9 for score in scores):>6.2f}{share['leak']:>7}{share['title']:>7}{share['date']:>7}"
            f"{tally.n_empty:>7}{tally.seconds / base:>7.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.extraction", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reps", type=int, default=2, help="how often each page is read, for the time")
    args = parser.parse_args()
    print(table(run(args.folder, args.reps)))


if __name__ == "__main__":
    main()
