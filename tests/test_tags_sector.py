"""Sector and level of agencies under all their names; policy terms; provenance."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from archive.models import Report, Truncation
from archive.tag_file import tag_rows, tag_values
from archive.tags.keywords import keywords
from archive.tags.provenance import provenance
from archive.tags.sector import sector

_TABLE = Path(__file__).parent / "data" / "tags_a" / "agencies.tsv"


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", restval=""))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["publisher"])
def test_agency(row: dict[str, str]) -> None:
    tags = tag_values(sector(Report(publisher=row["publisher"])))
    assert (tags.get("sector", ""), tags.get("publisher_level", "")) == (row["sector"], row["level"])


TITLES = [
    ("云溪县卫生局2009年卫生工作总结", "health", "county"),
    ("2021年卫生健康工作总结", "health", None),
    ("东桥镇2016年工作总结", "government", "township"),
    ("关于云溪县2021年预算执行情况的报告", "finance", "county"),
    ("会议纪要", None, None),
]


@pytest.mark.parametrize(("title", "value", "level"), TITLES)
def test_title_names_the_author(title: str, value: str | None, level: str | None) -> None:
    tags = tag_values(sector(Report(title=title)))
    assert (tags.get("sector"), tags.get("publisher_level")) == (value, level)


def test_keywords_are_policy_terms_with_places() -> None:
    text = "一年来,我局开展工作,加强管理。脱贫攻坚成效明显,分级诊疗有序推进,脱贫攻坚责任压实。"
    tags = keywords(Report(title="乡村振兴工作总结", text=text))
    assert [tag.value for tag in tags] == ["乡村振兴", "脱贫攻坚", "分级诊疗"]
    assert text[tags[1].start : tags[1].end] == "脱贫攻坚"
    assert tags[1].detail.endswith("n=2")


def test_a_long_text_needs_more_than_one_mention() -> None:
    text = "脱贫攻坚。" + "我们做了大量的事情。" * 500
    assert keywords(Report(text=text)) == []


PLACES = [
    (Report(url="http://wjw.tianmen.gov.cn/a.html"), "official"),
    (Report(url="https://www.gov.cn/a.htm"), "official"),
    (Report(url="http://news.some.edu.cn/a.htm"), "official"),
    (Report(url="http://10.1.2.3/zwgk/t20220218_4395179.html", title="2021年工作总结"), "official"),
    (
        Report(url="http://www.mirror.example/zwgk/art_12_3.html", index_no="MB1A08302/2022-05179"),
        "official_mirror",
    ),
    (Report(url="http://doc.example/p-1.html", source_kind="sharing"), "sharing"),
    (Report(url="http://doc.example/p-1.html", truncation=Truncation("试读结束")), "preview"),
    (
        Report(url="http://doc.example/1.html", text="本站小编为你收集了范文,仅供参考。\n一、工作总结"),
        "fanwen",
    ),
    (Report(url="http://doc.example/1.html", title="乡镇工作总结(精选10篇)"), "fanwen_compilation"),
    (
        Report(url="http://x.example/zwgk/1.html", text="2021年工作总结。百家乐 真人视讯 老虎机 娱乐城"),
        "hijacked_mirror",
    ),
    (Report(title="2021年工作总结", text="索引号 MB1A08302 发布机构 某局\n一、工作情况"), "official"),
    (Report(title="2021年工作总结", text="一、工作情况"), None),
]


@pytest.mark.parametrize(("report", "value"), PLACES)
def test_provenance(report: Report, value: str | None) -> None:
    tags = provenance(report)
    assert [tag.value for tag in tags] == ([value] if value else [])


def test_rows_need_no_more_than_an_id() -> None:
    rows = [
        {"id": "1"},
        {"id": "2", "title": "云溪县教育局2021年工作总结", "text": None},
        {"id": "3", "publisher": "天门市卫生健康委员会", "text": "", "published_on": "2022-02-18"},
        {"id": "4", "url": "http://www.anji.gov.cn/", "published_on": "soon", "extra": [1]},
    ]
    tagged = list(tag_rows(rows))
    assert [row["id"] for row in tagged] == ["1", "2", "3", "4"]
    assert tagged[1]["tags"]["report_types"] == ["annual"]
    assert tagged[2]["tags"]["region"] == "429006"
    assert tagged[2]["tags"]["region_code_asof"] == "429006"
    assert tagged[3]["tags"]["region"] == "330523"
    assert tagged[3]["extra"] == [1]
    assert {e["name"] for e in tagged[1]["evidence"]} >= {"report_types", "period_start"}
