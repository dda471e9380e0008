"""Every frozen page reads as its golden says, and the goldens as people say: a quality floor."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from tests.freeze import FOLDER, freeze, frozen, load, reading_of

PAGES = list(frozen())
FIELDS = ("title", "published_on", "written_on", "publisher", "doc_no", "index_no")


@pytest.mark.parametrize("golden", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reads_as_frozen(golden: Path) -> None:
    page, parts, saved = load(golden)
    assert reading_of(page, parts, saved["page"]) == saved["reading"], (
        "the reading changed: if it is better, run `python -m tests.freeze --again` and review the diff"
    )


def test_there_is_a_page_for_each_trap() -> None:
    assert len(PAGES) >= 40
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} >= {"trs", "vsb", "sharing", "rejected"}


def _grams(text: str) -> Counter[str]:
    squeezed = "".join(unicodedata.normalize("NFKC", text).split())
    return Counter(squeezed[start : start + 4] for start in range(max(1, len(squeezed) - 3)))


def _f1(wanted: str, found: str) -> float:
    a, b = _grams(wanted), _grams(found)
    return 2 * (a & b).total() / (a.total() + b.total())


def _truths() -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    judged = []
    for golden in PAGES:
        page, parts, saved = load(golden)
        if saved["truth"] is not None:
            reports = reading_of(page, parts, saved["page"]).get("reports", [])
            judged.append((f"{golden.parent.name}/{golden.stem}", saved["truth"], reports))
    return judged


def test_quality_floor() -> None:
    """Body F1, leaked chrome and fields against what a person wrote down for these pages."""
    truths = _truths()
    assert len(truths) >= 30
    scores, leaks, wrong = [], [], []
    for name, truth, reports in truths:
        texts = truth.get("parts") or [truth["text"]]
        found = ["\n".join(report["text"]) for report in reports]
        scores.append(
            mean(_f1("".join(text), got) for text, got in zip(texts, found, strict=True))
            if len(found) == len(texts)
            else 0.0
        )
        leaks += [(name, snippet) for snippet in truth.get("chrome", ()) if snippet in "".join(found)]
        for field in FIELDS:
            if field in truth and reports and reports[0].get(field) != truth[field]:
                wrong.append((name, field, reports[0].get(field)))
        if "titles" in truth and [report["title"] for report in reports] != truth["titles"]:
            wrong.append((name, "titles", [report["title"] for report in reports]))
    assert mean(scores) >= 0.995 and min(scores) >= 0.97
    assert leaks == []
    assert wrong == []


def test_rejected_pages_say_why() -> None:
    reasons = {}
    for golden in (FOLDER / "rejected").glob("*.json"):
        page, parts, saved = load(golden)
        reasons[golden.stem] = reading_of(page, parts, saved["page"])["rejection"]["reason"]
    assert reasons == {
        "menu": "menu",
        "digest_list": "menu",
        "meeting_news": "news",
        "notice_that_asks": "notice",
        "soft_404": "soft_404",
        "server_error_with_200": "error_page",
        "challenge": "challenge",
        "slider": "challenge",
        "login": "login",
        "status_404": "error_page",
        "empty": "empty",
        "json_answer": "not_html",
    }


def test_freezing_a_file_saves_page_and_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = tmp_path / "zongjie.html"
    saved.write_text("<title>某镇工作总结</title><div id=zoom><p>全年各项任务圆满完成，成效明显。</p></div>")
    monkeypatch.setattr("tests.freeze.FOLDER", tmp_path)
    golden = freeze("mou", str(saved), "zongjie")
    page, parts, record = load(golden)
    assert page.body == saved.read_bytes()
    assert record["reading"]["reports"][0]["title"] == "某镇工作总结"
    assert reading_of(page, parts, record["page"]) == record["reading"]
