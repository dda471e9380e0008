"""Search finds what analysts look for: forty questions over the demo's archive, with the reports that answer them."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from archive.warehouse import Archive, Home, ask, open_writer
from archive.warehouse.questions import find
from tests.archives import batch, empty_home, reading

pytestmark = pytest.mark.slow

# What is asked, the words as typed, filters, and all reports that answer (source: title). The answers were found by
# reading and by plain substring tests of the texts, not by the search.
QUESTIONS = Path(__file__).parent / "data" / "search" / "questions.tsv"
TOP = 10


def filters(text: str) -> dict[str, Any]:
    pairs = (pair.split("=") for pair in text.split("; ") if pair)
    return {name: int(value) if name == "year" else value for name, value in pairs}


def found(archive: Archive, words: str, narrowed: dict[str, Any]) -> set[str]:
    rows = find(archive, words, narrowed, TOP).answer.dicts()
    return {f"{row['source'].removeprefix('sample_')}: {row['title']}" for row in rows}


def test_forty_questions_are_answered_on_the_first_page(demo_home: Home) -> None:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(asked) >= 40
    recall = {}
    with ask(demo_home) as archive:
        for row in asked:
            expected = set(row["expected"].split(" | "))
            got = found(archive, row["words"], filters(row["filters"]))
            recall[row["asked"], row["words"]] = len(expected & got) / min(TOP, len(expected))
    assert sum(recall.values()) / len(recall) >= 0.95, {q: r for q, r in recall.items() if r < 1}


def test_known_items_of_the_corpus_are_found_by_their_titles(tmp_path: Path) -> None:
    folder = os.environ.get("WORKREPORTS_CORPUS")
    if not folder:
        pytest.skip("WORKREPORTS_CORPUS names no corpus")
    lines = (Path(folder) / "pages/gold.jsonl").read_text("utf-8").splitlines()
    gold = [page for page in map(json.loads, lines) if page["text"] and page["title"]]
    home = empty_home(tmp_path)
    with open_writer(home) as writer:
        readings = [reading(f"http://a.example/{p['id']}", p["text"], title=p["title"]) for p in gold]
        writer.load(batch("corpus", *readings))
        writer.publish()
    with ask(home) as archive:
        # as a person remembers a title: without its punctuation, and not all of it
        typed = {page["id"]: " ".join(re.findall(r"\w+", page["title"]))[:16] for page in gold}
        hits = [
            f"http://a.example/{page['id']}"
            in {row["url"] for row in find(archive, typed[page["id"]], {}, TOP).answer.dicts()}
            for page in gold
        ]
    assert len(hits) > 40
    assert sum(hits) / len(hits) >= 0.95
