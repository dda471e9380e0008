"""Save a page and its first reading as a frozen page: `python -m tests.freeze SOURCE URL_OR_FILE [NAME]`.

A frozen page is three things beside each other in tests/pages/SOURCE/: NAME.html (the bytes as served), further
pages that belong to it (NAME.2.html …), and NAME.json with `page` (how it was served), `truth` (what a person
says is right; null until written) and `reading` (the golden). After a rule changed, `python -m tests.freeze
--again` writes all goldens anew: review the diff.
"""

from __future__ import annotations

import argparse
import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from archive.models import Page, Rejection
from crawlers.pages.follow_ups import follow_ups
from crawlers.pages.reading import read_page

FOLDER = Path(__file__).parent / "pages"
USER_AGENT = "work-report-archive freeze (saves one page for a test)"


def frozen() -> Iterator[Path]:
    """The JSON files of all frozen pages."""
    yield from sorted(FOLDER.glob("*/*.json"))


def load(golden: Path) -> tuple[Page, list[Page], dict[str, Any]]:
    """The page, the pages that belong to it, and everything that its JSON file says."""
    saved = json.loads(golden.read_text("utf-8"))
    served = saved["page"]
    body = golden.with_suffix(".html").read_bytes()
    page = Page(served["url"], body, served.get("content_type", ""), served.get("status", 200))
    parts = [
        Page(part["url"], (golden.parent / part["file"]).read_bytes(), part.get("content_type", ""))
        for part in served.get("parts", [])
    ]
    return page, parts, saved


def reading_of(page: Page, parts: list[Page], served: dict[str, Any]) -> dict[str, Any]:
    """What is read of a page, as plain values; fields that say nothing are left out."""
    listed = served.get("list_date")
    found = read_page(
        page,
        parts,
        list_title=served.get("list_title", ""),
        list_date=date.fromisoformat(listed) if listed else None,
    )
    links = [plain(asdict(follow)) for follow in follow_ups(page)]
    if isinstance(found, Rejection):
        return {"rejection": plain(asdict(found)), "follow_ups": links}
    return {"reports": [plain(asdict(report)) for report in found], "follow_ups": links}


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """JSON values without the empty ones; the text as a list of lines, so that a diff shows the line."""
    kept: dict[str, Any] = json.loads(json.dumps(values, default=str, ensure_ascii=False))
    if "text" in kept and isinstance(kept["text"], str):
        kept["text"] = kept["text"].split("\n")
    return {key: value for key, value in kept.items() if value not in ("", None, [], {})}


def write(golden: Path, served: dict[str, Any], truth: Any = None) -> None:
    """Write the JSON file beside NAME.html with the reading of now."""
    golden.write_text(json.dumps({"page": served}), "utf-8")
    page, parts, _ = load(golden)
    saved = {"page": served, "truth": truth, "reading": reading_of(page, parts, served)}
    golden.write_text(json.dumps(saved, ensure_ascii=False, indent=1) + "\n", "utf-8")


def again() -> None:
    """Write every golden anew."""
    for golden in frozen():
        saved = json.loads(golden.read_text("utf-8"))
        write(golden, saved["page"], saved.get("truth"))


def freeze(source: str, address: str, name: str) -> Path:
    """Save the page at a URL or in a file, with its reading; the JSON file's path is returned."""
    folder = FOLDER / source
    folder.mkdir(parents=True, exist_ok=True)
    if re.match(r"https?://", address):
        request = urllib.request.Request(address, headers={"User-Agent": USER_AGENT})
        with urllib.request.urlopen(request, timeout=30) as answer:
            body, kind, url = answer.read(), answer.headers.get("Content-Type", ""), answer.url
    else:
        body, kind, url = Path(address).read_bytes(), "", f"http://{source}.example/{Path(address).name}"
    golden = folder / f"{name}.json"
    golden.with_suffix(".html").write_bytes(body)
    write(golden, {"url": url, "content_type": kind})
    return golden


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.freeze", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("source", nargs="?", help="folder under tests/pages")
    parser.add_argument("address", nargs="?", help="URL, or a file that holds the page")
    parser.add_argument("name", nargs="?", help="what the page shows; default: the last part of the address")
    parser.add_argument("--again", action="store_true", help="write every golden anew")
    args = parser.parse_args()
    if args.again:
        again()
    elif args.source and args.address:
        stem = re.sub(r"\W+", "_", args.address.rstrip("/").rpartition("/")[2]).strip("_")
        print(freeze(args.source, args.address, args.name or stem[:40] or "page"))
    else:
        parser.error("SOURCE and URL_OR_FILE, or --again")


if __name__ == "__main__":
    main()
