"""What is fuzzed: one function a target, bytes in, an AssertionError or another exception where something is wrong.

Readers of pages and lists promise never to raise and turn a fault of their own into a rejection; here that is a finding.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from archive import salvage
from archive.crawl_log import read_line, to_json
from archive.fingerprints import fingerprint
from archive.landing import LOG, LandingError, captures, fault
from archive.models import Page, Rejection, Report
from archive.tagging import tag_report
from archive.warc import Exchange, WarcWriter
from archive.warc_scan import scan
from crawlers.decode import decode
from crawlers.listings import families, first_request, read_list
from crawlers.pages.follow_ups import follow_ups
from crawlers.pages.reading import read_page
from tests.archives import HEALTH, NOON, capture

HERE = Path(__file__).parent
URL = "http://www.yunhe.gov.example/zwgk/202201/t20220105_7.html"
CONTENT_TYPES = (
    "",
    "text/html",
    "text/html; charset=gb2312",
    "text/html; charset=utf-16",
    "text/xml",
    "application/json",
)
# How a reader names an exception that it caught.
_FAULT = re.compile(r"^[A-Z]\w*(?:Error|Exception|Warning|Iteration): ")


def fuzz_decode(data: bytes) -> None:
    """Any bytes are text, without half characters that no file could hold."""
    text = decode(data[1:], CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else "")
    text.encode("utf-8")


def fuzz_listings(data: bytes) -> None:
    """The first byte chooses a family, or detection; then the pages that it leads to give the same answer."""
    names = [None, *families()]
    request = first_request(
        "http://www.yunhe.gov.example/zwgk/gzzj/", names[data[0] % len(names)] if data else None
    )
    for _ in range(3):
        found = read_list(Page(request.url, data[1:], "text/html", 200), request)
        assert not _FAULT.match(found.detail), found.detail
        for row in found.rows:
            assert row.url.startswith(("http://", "https://")), row.url
            row.title.encode("utf-8")
        if not found.next:
            return
        request = found.next[0]


def fuzz_pages(data: bytes) -> None:
    """Any bytes are reports or a reason why not."""
    page = Page(URL, data[1:], CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else "")
    follow_ups(page)
    found = read_page(page, list_title="云河县卫生局2021年工作总结", list_date=date(2022, 1, 5))
    if isinstance(found, Rejection):
        assert not _FAULT.match(found.detail), found.detail
        return
    for report in found:
        (report.title + report.text).encode("utf-8")


def fuzz_tags(data: bytes) -> None:
    """Any text is tagged, and every span lies in it."""
    title, _, text = data.decode("utf-8", "replace").partition("\n")
    said = tag_report(
        Report(url=URL, title=title, text=text, publisher=title[:20], published_on=date(2022, 1, 5))
    )
    fields = {"text": text, "title": title}
    for one in (*said.tags, *said.sections, *said.indicators, *said.citations):
        whole = fields.get(getattr(one, "field", "text"), title)
        start, end = (getattr(one, name, None) for name in ("start", "end"))
        if start is not None and end is not None and whole is text:
            assert 0 <= start <= end <= len(text), one
    fingerprint(text)


def fuzz_warc(data: bytes) -> None:
    """A folder of any bytes is read to its end: as WARC, as log, and by what mends logs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "yunhe" / "run1"
        folder.mkdir(parents=True)
        log, _, warc = data.partition(b"\0\0")
        (folder / LOG).write_bytes(log)
        (folder / "a.warc.gz").write_bytes(warc)
        for line in log.splitlines():
            read_line(line)
        list(captures(folder))
        fault(folder)
        list(scan(folder / "a.warc.gz"))
        found = [found for found, _ in salvage.unlogged(folder)]
        try:
            salvage.append(folder, found)
        except (LandingError, ValueError) as error:
            assert not found, error


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": fuzz_decode,
    "listings": fuzz_listings,
    "pages": fuzz_pages,
    "tags": fuzz_tags,
    "warc": fuzz_warc,
}


def seeds(target: str) -> Iterator[bytes]:
    """Small inputs of our own making to begin with."""
    if target in ("decode", "pages"):
        for path in sorted(HERE.glob("pages/*/*.html")):
            yield b"\0" + path.read_bytes()[:20_000]
    elif target == "listings":
        names = list(families())
        for path in sorted(HERE.glob("listings/exchanges/*/*")):
            if path.suffix != ".json" or path.stem != "exchange":
                yield bytes([names.index(path.parent.name) + 1]) + path.read_bytes()[:20_000]
    elif target == "tags":
        yield f"天门市卫生健康委2021年工作总结及2022年工作打算\n{HEALTH}".encode()
        for path in sorted(HERE.glob("data/tags_*/*")):
            yield path.read_bytes()[:10_000]
    else:
        yield _landing()


def _landing() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        writer = WarcWriter(Path(name), "a", "tests")
        place = writer.write(Exchange(URL, 200, (), b"<p>" + HEALTH.encode(), NOON))
        writer.close()
        one = capture(URL, NOON, digest="d", warc_file="a.warc.gz", warc_offset=place.offset)
        line = b'{"capture": %s}\n' % to_json(one)
        return line + b"\0\0" + (Path(name) / place.file).read_bytes()
