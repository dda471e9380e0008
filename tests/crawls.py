"""Crawls for tests: a job for a loopback site, run in its own process as the flows run it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive import landing
from archive.models import Capture, CrawlRun, KnownPage
from crawlers.crawl import CrawlJob, start
from crawlers.source import Source
from tests.sites import Site


def source(*columns: str, **fields: Any) -> Source:
    values = {"name": "yunhe", "title": "云和县", "kind": "government", "at_least": 0, **fields}
    return Source(columns=columns, **values)


def job(
    site: Site, folder: Path, *paths: str, fields: dict[str, Any] | None = None, **options: Any
) -> CrawlJob:
    """A job for columns of a site; `fields` go into the source's file, `options` into the job."""
    where = source(*(site.url(path) for path in paths or ("/list/",)), **(fields or {}))
    return CrawlJob(where, folder.name, folder, **{"allow": (site.netloc,), **options})


def finish(child: Any) -> list[dict[str, Any]]:
    """Read a crawl's events to its end."""
    with child:
        return [json.loads(line) for line in child.stdout]


def run(one: CrawlJob) -> CrawlRun:
    """Run a crawl to its end."""
    finish(start(one))
    return landing.crawl_run(one.folder)


def captures(one: CrawlJob) -> dict[str, Capture]:
    """What was fetched, by path."""
    found = landing.captures(one.folder)
    return {"/" + capture.url.split("/", 3)[3]: capture for capture in found}


def known_from(path: Path, captures: Iterable[Capture], **changes: Any) -> Path:
    """What an archive would know after these captures; `changes` by path replace fields."""
    with path.open("w", encoding="utf-8") as lines:
        for one in captures:
            if one.kind == "report" and one.outcome in ("ok", "unchanged"):
                page = KnownPage(one.url, one.digest, one.etag, one.last_modified)
                lines.write(json.dumps(asdict(page) | changes.get(one.url, {}), default=str) + "\n")
    return path
