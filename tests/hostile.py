"""Answers that misbehave on the wire, one for each way a server has been seen, or can be made, to do harm."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import zlib
from dataclasses import dataclass
from pathlib import Path

from crawlers.crawl import CrawlJob, Limits, start
from tests import crawls
from tests.sites import Answer, Reply, Seen, Site, Wire, list_page, report_page

HTML = "Content-Type: text/html\r\n"
MEGABYTE = 1024 * 1024


def gzip_bomb(megabytes: int = 300) -> bytes:
    """Zeros that unpack to the given size, a thousand times what is sent."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MEGABYTE)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()


def brotli_bomb() -> bytes:
    import brotli

    packer = brotli.Compressor(quality=5)
    zeros = bytes(MEGABYTE)
    return b"".join(packer.process(zeros) for _ in range(300)) + packer.finish()


def zstd_bomb() -> bytes:
    from backports import zstd

    return zstd.compress(bytes(300 * MEGABYTE))


def encoded(body: bytes, coding: str) -> Answer:
    return Answer(body, 200, (("Content-Type", "text/html"), ("Content-Encoding", coding)))


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(b"", status, (("Location", location),))


def raw(data: bytes, hold: bool = False) -> Wire:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if hold:
            await asyncio.sleep(30)

    return send


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Wire:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return send


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def on_to_the_next(seen: Seen) -> Reply:
    """A redirect to an address never seen before."""
    number = int(seen.path.rpartition("-")[2])
    return redirect(f"/next-{number + 1}")


def needs_cookie(seen: Seen) -> Answer:
    """A firewall's greeting: the same address again, once the cookie is carried."""
    if "pass=1" in seen.headers.get("cookie", ""):
        return Answer(report_page("云和县2021年工作总结"))
    return Answer(b"", 302, (("Location", seen.path), ("Set-Cookie", "pass=1; path=/")))


def new_cookie_each_time() -> Reply:
    counter = itertools.count()

    def answer(seen: Seen) -> Answer:
        cookie = f"k{next(counter)}={'x' * 3000}; path=/"
        return Answer(b"", 302, (("Location", seen.path), ("Set-Cookie", cookie)))

    return answer


def status_line(rest: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + HTML.encode() + rest


# Attachments where nobody but this machine's owner may look.
FORBIDDEN = (
    "http://127.0.0.1:9/secret.pdf",
    "http://localhost:9/secret.doc",
    "http://10.0.0.1/secret.docx",
    "http://169.254.169.254/latest/secret.pdf",
    "http://[::1]:9/secret.xls",
    "file:///etc/passwd.pdf",
    "ftp://10.0.0.1/secret.zip",
    "../../../../../../etc/passwd.pdf",
)


def attached() -> str:
    return "".join(f'<p><a href="{address}">附件{n}.pdf</a></p>' for n, address in enumerate(FORBIDDEN))


# What is meant to be run by a terminal, a spreadsheet, a browser, a template engine or a data base that shows the title.
INJECTIONS = (
    "\x1b[2J\x1b]0;owned\x07",
    "&#27;[31m&#155;31m&#8238;fdp.exe",
    "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;",
    "{{ 7*7 }}{% raw %}${7*7}#{7*7}&lt;%= 7*7 %&gt;",
    "'); DROP TABLE report_heads; --",
    "[点击](javascript:alert(1))|`code`![x](http://169.254.169.254/)",
    "../../../../etc/passwd%00.pdf",
)


def injecting_page() -> bytes:
    """A report whose title, text and publisher are made to harm whoever shows them; the title begins as a formula."""
    harm = "".join(INJECTIONS)
    title = f"=cmd|'/C calc'!A0云和县2021年工作总结{harm}"
    meta = f"<meta name='ContentSource' content='=1+1{harm.replace(chr(39), '&#39;')}'>"
    text = "".join(
        f"<p>=1+1 一年来，第{n}局围绕中心工作，扎实推进各项任务，取得新成效。{harm}</p>" for n in range(20)
    )
    head = f"<html><head><meta charset='utf-8'><title>{title}</title>{meta}</head><body><h1>{title}</h1>"
    return f"{head}<div class='article'>{text}</div></body></html>".encode()


def behaviours() -> dict[str, tuple[Reply, set[str]]]:
    """Path -> (what the server does, the outcomes that are right)."""
    page = report_page("云和县2021年工作总结")
    dead, big, no = {"error"}, {"too_large"}, {"refused"}
    chunked = b"Transfer-Encoding: chunked\r\n\r\n"
    deep = b"<html><body>" + b"<div>" * 100_000 + "总结".encode() + b"</div>" * 100_000
    return {
        "/gzip-bomb": (encoded(gzip_bomb(), "gzip"), big),
        "/double-gzip-bomb": (encoded(gzip.compress(gzip_bomb()), "gzip, gzip"), big),
        "/deflate-bomb": (encoded(zlib.compress(bytes(100 * MEGABYTE)), "deflate"), big),
        "/brotli-bomb": (encoded(brotli_bomb(), "br"), big),
        "/zstd-bomb": (encoded(zstd_bomb(), "zstd"), big),
        "/thousand-codings": (encoded(page, ", ".join(["gzip"] * 1000)), dead),
        "/endless-chunks": (endless(status_line(chunked), b"10000\r\n" + b"x" * 65536 + b"\r\n"), big),
        "/endless-body": (endless(status_line(b"\r\n"), b"x" * 65536), big),
        "/ten-gigabytes": (raw(status_line(b"Content-Length: 10000000000\r\n\r\n<p>"), hold=True), big),
        "/endless-headers": (endless(status_line(b""), b"X-More: " + b"y" * 1000 + b"\r\n"), dead),
        "/endless-header-line": (endless(status_line(b"X-Long: "), b"y" * 65536), dead),
        "/endless-continue": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500), dead),
        "/loop-a": (redirect("/loop-b"), dead),
        "/loop-b": (redirect("/loop-a"), dead),
        "/next-0": (on_to_the_next, dead),
        "/cookie-wall": (needs_cookie, {"ok"}),
        "/cookie-loop": (new_cookie_each_time(), dead),
        "/to-metadata": (redirect("http://169.254.169.254/latest/meta-data/"), no),
        "/to-own-port": (redirect("http://127.0.0.1:9/secret"), no),
        "/to-number": (redirect("http://2130706433:9/"), no),
        "/to-short": (redirect("http://127.1:9/"), no),
        "/to-ipv6": (redirect("http://[::1]:9/"), no),
        "/to-mapped": (redirect("http://[::ffff:10.0.0.1]/"), no),
        "/to-localhost": (redirect("//localhost:9/"), no),
        "/to-private": (redirect("http://192.168.1.1/admin"), no),
        "/to-file": (redirect("file:///etc/passwd"), no),
        "/to-data": (redirect("data:text/html,hello"), no),
        "/to-ftp": (redirect("ftp://127.0.0.1/"), no),
        "/to-nonsense": (redirect("http://[broken/"), dead | no),
        "/to-very-long": (redirect("/" + "a" * 15_000), dead | no | {"gone"}),
        "/drip": (endless(status_line(b"Content-Length: 500\r\n\r\n"), b"x", pause=0.2), dead),
        "/silent": (raw(b"", hold=True), dead),
        "/cut": (raw(status_line(b"Content-Length: 90000\r\n\r\n") + page), dead),
        "/longer-than-told": (raw(status_line(b"Content-Length: 700\r\n\r\n") + page), {"ok"}),
        "/negative-length": (raw(status_line(b"Content-Length: -5\r\n\r\n") + page), dead),
        "/two-lengths": (
            raw(status_line(b"Content-Length: 10\r\nContent-Length: 5000\r\n\r\n") + page),
            dead,
        ),
        "/bad-chunks": (raw(status_line(chunked) + b"zz\r\n" + page), dead),
        "/no-status-line": (raw(b"\x00\xff\x00\xff" * 1000), dead),
        "/only-html": (raw(page), dead),
        "/reset": (reset, dead),
        "/not-gzip": (encoded(page, "gzip"), dead),
        "/unknown-coding": (encoded(page, "x-secret"), {"ok", "error"}),
        "/garbage": (Answer(bytes(range(256)) * 40, 200), dead),
        "/odd-charset": (
            Answer(page, 200, (("Content-Type", "text/html; charset=utf-7; charset=\x01"),)),
            {"ok"},
        ),
        **{
            f"/charset-{n}": (Answer(page, 200, (("Content-Type", f"text/html; charset={label}"),)), {"ok"})
            for n, label in enumerate(("zlib_codec", "unicode_escape", "idna", "utf-16", "x" * 8000))
        },
        "/pdf-called-html": (Answer(b"%PDF-1.7\n" + page, 200, (("Content-Type", "text/html"),)), {"ok"}),
        "/html-called-pdf": (Answer(page, 200, (("Content-Type", "application/pdf"),)), {"ok"}),
        "/html-called-picture": (Answer(page, 200, (("Content-Type", "image/png"),)), {"ok"}),
        "/to-attachments": (Answer(report_page("云和县2021年工作总结", attached())), {"ok"}),
        "/injection": (Answer(injecting_page()), {"ok"}),
        "/deep": (Answer(deep), {"ok"}),
        "/many-cookies": (
            Answer(page, 200, tuple(("Set-Cookie", f"c{i}={'v' * 50}") for i in range(2000))),
            {"ok"},
        ),
        "/header-injection": (
            Answer(page, 200, (("ETag", '"a\x1b[31m\\r\\nX: 1"'), ("X-Old", "\xe9"))),
            {"ok"},
        ),
        "/unasked-304": (Answer(b"", 304), dead),
        "/partial": (Answer(page[:300], 206), dead),
        "/status-999": (Answer(page, 999), dead),
        "/empty": (Answer(b""), dead),
    }


@dataclass
class Met:
    """What came of one crawl through all behaviours."""

    job: CrawlJob
    outcomes: dict[str, str]
    wrong: dict[str, tuple[str, str]]
    n_good_missing: int
    peak_kb: int


def meet(folder: Path) -> Met:
    """Crawl all behaviours in one process; between them stand honest pages, which must come through."""
    harm = behaviours()
    replies = {path: reply for path, (reply, _) in harm.items()}
    replies |= {f"/next-{n}": on_to_the_next for n in range(1, 30)}
    rows = []
    for n, path in enumerate(harm):
        rows += [
            (path, f"云和县第{n}局2021年工作总结", "2022-01-01"),
            (f"/good-{n}", f"第{n}局工作要点", "2022-01-01"),
        ]
        replies[f"/good-{n}"] = Answer(report_page(f"第{n}局工作要点"))
    replies["/list/"] = Answer(list_page(rows))
    with Site(replies) as site:
        job = crawls.job(site, folder, fields={"title_filter": "all"}, limits=Limits(answer_seconds=1.0))
        child = start(job)
        assert child.stdout is not None
        peak_kb = max(high_water(child.pid) for _ in child.stdout)
        child.wait()
    found = crawls.captures(job)
    return Met(
        job,
        {path: found[path].outcome for path in harm},
        {
            p: (found[p].outcome, found[p].detail)
            for p, (_, right) in harm.items()
            if found[p].outcome not in right
        },
        sum(found[f"/good-{n}"].outcome != "ok" for n in range(len(harm))),
        peak_kb,
    )


def high_water(pid: int) -> int:
    """The most memory that a process has held so far, in kB; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
