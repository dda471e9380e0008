"""The title lexicon, on titles written for this test and, where a corpus is at hand, on its titles."""

import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.lexicon import is_report_title, reason_filtered

TITLES = Path(__file__).parent / "listings" / "titles.tsv"


def labelled_titles() -> list[tuple[bool, str]]:
    with TITLES.open(encoding="utf-8", newline="") as lines:
        return [
            (row[0] == "yes", row[1]) for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def test_own_titles():
    wrong = [
        (want, title, reason_filtered(title))
        for want, title in labelled_titles()
        if is_report_title(title) != want
    ]
    assert len(labelled_titles()) >= 150
    assert wrong == []


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("关于报送2022年工作总结的通知", "notice"),
        ("白河镇召开年终总结会", "meeting news"),
        ("在2022年工作总结大会上的讲话", "speech"),
        ("一图读懂2024年政府工作报告", "about a report"),
        ("高一数学必修一知识点总结", "study notes"),
        ("青石县城乡供水工程可行性研究报告", "not a report word"),
        ("白河镇开展冬季森林防火宣传活动", "not a report word"),
        ("关于印发《青石县2023年工作要点》的通知", None),
    ],
)
def test_reasons(title, reason):
    assert reason_filtered(title) == reason


@given(st.text(max_size=400))
def test_any_text_has_an_answer(title):
    assert is_report_title(title) == (reason_filtered(title) is None)


def test_corpus_titles():
    """At most 3 in 100 of the corpus's titles are judged wrongly; its types name what is not a report."""
    folder = os.environ.get("WORKREPORTS_CORPUS")
    if not folder:
        pytest.skip("WORKREPORTS_CORPUS names no corpus")
    lines = (Path(folder) / "bench/tags/titles.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = [
        row["title"]
        for row in rows
        if is_report_title(row["title"]) == bool({"other", "meeting"} & set(row["types"]))
    ]
    assert len(wrong) <= 0.03 * len(rows)
