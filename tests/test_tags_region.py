"""Regions: names of agencies, titles, hosts, numbers and texts; when to abstain; codes of other years."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Report
from archive.regions.table import by_code, current, divisions, is_within, path_of
from archive.tag_file import tag_values
from archive.tags.region import region

_TABLE = Path(__file__).parent / "data" / "tags_a" / "places.tsv"


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", restval=""))


def _report(kind: str, text: str) -> Report:
    if kind == "host":
        return Report(url=f"http://{text}/zwgk/1.html")
    return Report(**{kind: text})  # type: ignore[arg-type]


def _tags(report: Report) -> dict[str, object]:
    return tag_values(region(report))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["text"])
def test_place(row: dict[str, str]) -> None:
    assert _tags(_report(row["kind"], row["text"])).get("region_path", "") == row["path"]


def test_the_table_is_as_large_as_promised() -> None:
    assert sum(1 for row in _rows()) >= 200


TOGETHER = [
    # Sources narrow each other: what one leaves open another decides.
    (Report(publisher="鼓楼区教育局", url="http://www.nanjing.gov.cn/a.html"), "江苏省/南京市/鼓楼区"),
    (Report(publisher="朝阳区教育局", site_id_code="1101050001"), "北京市/朝阳区"),
    (Report(publisher="江北区民政局", text="宁波市委、市政府高度重视。"), "浙江省/宁波市/江北区"),
    (Report(publisher="教育局", url="http://www.anji.gov.cn/a.html"), "浙江省/湖州市/安吉县"),
    # The author decides, not the site that shows the page.
    (
        Report(title="新疆维吾尔自治区2021年政府工作报告", url="http://www.shache.gov.cn/a.html"),
        "新疆维吾尔自治区",
    ),
    (Report(title="昆山市政府工作报告", publisher="苏州市人民政府"), "江苏省/苏州市/昆山市"),
    # A county without a name on a city's site is one of several.
    (Report(publisher="县卫生健康局", url="http://wjw.huzhou.gov.cn/a.html"), None),
    (Report(publisher="区卫生局", text="我区卫生工作取得进展。"), None),
    # Townships and the county's own bodies in the text.
    (
        Report(title="县卫生局工作总结", text="罗甸县人民医院改扩建,罗悃镇中心卫生院、木引卫生院建成。"),
        "贵州省/黔南布依族苗族自治州/罗甸县",
    ),
    (Report(title="乡镇工作总结", text="赴西龙镇考察学习。"), None),
    (Report(title="工作总结", text="为建设平安通县、示范县、建成县级公路而努力。"), None),
]


@pytest.mark.parametrize(("report", "path"), TOGETHER)
def test_evidence_is_weighed_together(report: Report, path: str | None) -> None:
    assert _tags(report).get("region_path") == path


def test_open_cases_name_their_candidates() -> None:
    candidates = str(_tags(Report(publisher="鼓楼区教育局"))["region_candidates"]).split()
    assert {"320106", "350102"} <= set(candidates)


def test_contradiction_lowers_confidence() -> None:
    agreeing = region(Report(publisher="天门市卫生健康委员会", site_id_code="4290060001"))
    contradicted = region(Report(publisher="天门市卫生健康委员会", site_id_code="3203000040"))
    assert agreeing[0].confidence > 0.9
    assert contradicted[0].value == "429006"
    assert contradicted[0].confidence <= 0.6


ASOF = [
    ("重庆市永川区教育局2008年工作总结", "500118", "500118"),
    ("永川市教育局2003年工作总结", "500118", "500383"),
    ("天津市静海县教育局2012年工作总结", "120118", "120223"),
    ("天门市教育局1990年工作总结", "429006", "422404"),
    ("襄樊市教育局2009年工作总结", "420600", "420600"),
]


@pytest.mark.parametrize(("title", "code", "asof"), ASOF)
def test_code_of_the_reports_year(title: str, code: str, asof: str) -> None:
    tags = _tags(Report(title=title))
    assert (tags["region"], tags["region_code_asof"]) == (code, asof)


def test_spans_point_at_the_name() -> None:
    tag = region(Report(publisher="湖北省天门市卫健委"))[0]
    assert (tag.field, "湖北省天门市卫健委"[tag.start : tag.end]) == ("publisher", "湖北省天门市")


def test_every_code_leads_to_codes_of_today() -> None:
    today = {d.code for d in divisions() if d.valid_to is None}
    lost = [code for code in by_code() if not current(code)]
    assert all(current(code) <= today for code in by_code())
    assert len(lost) <= 5, lost  # prefectures whose counties went in many directions
    assert all(path_of(code) and is_within(code, code[:2] + "0000") for code in today)


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_any_input_gives_tags_or_none(name: str, url: str, number: str) -> None:
    tags = region(Report(publisher=name, url=url, index_no=number, site_id_code=number, text=name))
    assert all(0 <= tag.confidence <= 1 for tag in tags)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", ["县" * 200_000, "镇卫生院" * 50_000, "天门市" * 50_000])
def test_long_text_is_read_in_linear_time(text: str) -> None:
    assert isinstance(region(Report(text=text)), list)
