"""The forward proxy itself: requests in, the sites' answers out, with validators and counts."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crawlers.sample_sites.site import Answer, Request, Site

LOG_HOST = "sample.example"  # http://sample.example/_log tells the counts
_MAX_FORM = 1 << 16  # bytes of a posted form that are read; a pager's form has a few hundred
_BEGAN_ON = date(2018, 1, 1)
_NOT_FOUND = Answer(
    "<h1>404 您访问的页面不存在</h1>".encode(), "text/html; charset=utf-8", "none", _BEGAN_ON, 404
)


@dataclass(slots=True)
class Counts:
    """What was asked so far: by kind (list, article, attachment, robots, none), by status, by host."""

    by_kind: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    by_host: Counter[str] = field(default_factory=Counter)
    n_requests: int = 0

    def add(self, host: str, answer: Answer) -> None:
        """Counts one request."""
        self.n_requests += 1
        self.by_kind[answer.kind] += 1
        self.by_status[str(answer.status)] += 1
        self.by_host[host] += 1

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "requests": self.n_requests,
            "by_kind": dict(self.by_kind),
            "by_status": dict(self.by_status),
            "by_host": dict(self.by_host),
        }


class Proxy(ThreadingHTTPServer):
    """Answers for the hosts of its sites on 127.0.0.1; any other host is a 404."""

    daemon_threads = True

    def __init__(self, port: int, sites: tuple[Site, ...], log: Path | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.sites = {site.host: site for site in sites}
        self.counts = Counts()
        self.log = log
        self.lock = threading.Lock()

    def answer(self, host: str, request: Request) -> Answer:
        """What the host says; its counts when the log is asked for."""
        if host == LOG_HOST and request.path == "/_log":
            with self.lock:
                body = json.dumps(self.counts.as_data()).encode()
            return Answer(body, "application/json", "none", _BEGAN_ON)
        site = self.sites.get(host)
        return (site.answer(request) if site else None) or _NOT_FOUND

    def note(self, host: str, answer: Answer, line: dict[str, str]) -> None:
        """Counts a request and writes its line of the log."""
        row = line | {"status": answer.status, "kind": answer.kind, "bytes": len(answer.body)}
        with self.lock:
            self.counts.add(host, answer)
            if self.log:
                with self.log.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(row, ensure_ascii=False) + "\n")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleSites"
    timeout = 30  # seconds a silent connection is kept
    server: Proxy

    def do_GET(self) -> None:
        self._serve({})

    def do_HEAD(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_FORM)
        form = self.rfile.read(length).decode("utf-8", "replace")
        self._serve(dict(parse_qsl(form, keep_blank_values=True)))

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal: the counts and the log tell it."""

    def _serve(self, form: dict[str, str]) -> None:
        asked = urlsplit(self.path)
        host = (asked.hostname or self.headers.get("Host", "").split(":")[0]).lower()
        request = Request(self.command, asked.path or "/", dict(parse_qsl(asked.query)), form)
        answer = self.server.answer(host, request)
        validators = _validators(answer)
        if validators and self._is_unchanged(validators):
            answer = Answer(b"", answer.content_type, answer.kind, answer.changed_on, 304)
        if host != LOG_HOST:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            self.server.note(host, answer, {"at": at, "method": self.command, "url": self.path})
        self._send(answer, validators)

    def _is_unchanged(self, validators: dict[str, str]) -> bool:
        """RFC 9110 section 13.2.2: If-None-Match decides where both are given."""
        if self.command == "POST":
            return False
        if tag := self.headers.get("If-None-Match"):
            return tag == validators["ETag"]
        return self.headers.get("If-Modified-Since") == validators["Last-Modified"]

    def _send(self, answer: Answer, validators: dict[str, str]) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in (headers | validators).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _validators(answer: Answer) -> dict[str, str]:
    if answer.status != 200:
        return {}
    changed_at = datetime.combine(answer.changed_on, time(4), tzinfo=UTC)  # noon in China
    tag = hashlib.blake2b(answer.body, digest_size=8).hexdigest()
    return {"ETag": f'"{tag}"', "Last-Modified": format_datetime(changed_at, usegmt=True)}
