"""The demo's archive, collected without a Prefect server: `python -m tests.demo FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from archive.warehouse import Home, open_writer
from crawlers import sample_sites
from flows import pipeline
from flows.settings import settings


def collect_demo(folder: Path) -> Home:
    """Collect all sample sites into a folder and publish, as `workreports demo` does."""
    with pytest.MonkeyPatch.context() as patch, sample_sites.serve() as sites:
        patch.setenv("WORKREPORTS_HOME", str(folder))
        patch.setenv("WORKREPORTS_SOURCES", str(sample_sites.SOURCES))
        patch.setenv("WORKREPORTS_SHIPPED", "false")
        patch.setenv("http_proxy", sites.proxy)
        now = settings()
        new: list[str] = []
        for source in map(now.source, sorted(now.catalogue())):
            job = pipeline.prepare(now, source, pipeline.Request())
            pipeline.crawl(job, lambda event: None)
            new += pipeline.load_run(now, source, job.folder, lambda event: None).new
        with open_writer(now.layout()) as writer:
            writer.deduplicate(new)
            writer.publish()
        return now.layout()


if __name__ == "__main__":
    collect_demo(Path(sys.argv[1]))
