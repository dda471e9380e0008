"""Small archives of our own making: readings in the manner of the field, and a home to load them into."""

from __future__ import annotations

import atexit
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from archive.fingerprints import fingerprint
from archive.models import (
    Batch,
    Capture,
    Citation,
    CrawlRun,
    Indicator,
    ListedRow,
    Reading,
    Rejection,
    Report,
    Section,
    Tag,
    Tagged,
    report_id,
)
from archive.tagging import tag_report
from archive.warehouse import Home, open_writer
from flows.workers import Workers
from tests.composed import report as composed_report

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TEXT = "一、主要工作\n全县新型农村合作医疗参合率达98%，接种疫苗3万剂次。"


def capture(url: str, at: datetime = NOON, digest: str = "d1", **changes: Any) -> Capture:
    """A fetch that went well."""
    made = Capture(
        "run1", "yunhe", url, "report", 200, "ok", at, digest=digest, warc_file="a.warc.gz", warc_offset=7
    )
    return replace(made, **changes)


def reading(url: str, text: str = TEXT, at: datetime = NOON, digest: str = "d1", **report: Any) -> Reading:
    """A report with one or two rows in every derived table."""
    tagged = Tagged(
        tags=(
            Tag("report_types", "annual", 0.9, "title", "title", 0, 4),
            Tag("period_end", "2021-12-31", 0.9, "title"),
        ),
        sections=(Section(0, 1, "一、", "主要工作", False, None, 0, len(text)),),
        indicators=(Indicator("参合率", 98.0, "%", 20, 23),),
        citations=(Citation("doc_no", "湖卫健发〔2023〕1号", 0, 3, 2023),),
    )
    said = Report(url=url, title="云河县卫生局2021年工作总结", text=text, published_on=date(2022, 1, 5))
    return Reading(replace(said, **report), capture(url, at, digest), tagged, (1, 2, 3), "e1", "t1")


def batch(key: str, *readings: Reading) -> Batch:
    """The readings with their captures as one batch."""
    return Batch(key, captures=tuple(r.capture for r in readings), readings=readings)


@cache
def _template() -> Path:
    """An empty archive, made once: its five hundred comments take a second."""
    folder = Path(mkdtemp(prefix="archive-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with open_writer(Home(folder)):
        pass
    return folder


def empty_home(folder: Path) -> Home:
    """A home with an empty work file."""
    home = Home(folder)
    home.work_file.parent.mkdir(parents=True)
    shutil.copy(Home(_template()).work_file, home.work_file)
    return home


# ------------------------------------------------------- an archive as a collection of three sites would leave it

HEALTH = """一、主要工作
（一）医疗保障扎实推进。全县新型农村合作医疗参合率达到98%，比上年提高2个百分点；每千人口床位数4.5张。
（二）疾病预防控制得到加强。接种疫苗3.2万剂次，传染病报告率100%。认真落实云卫发〔2021〕12号文件要求。
二、存在问题
基层卫生人才不足，乡镇卫生院设备老化，群众就医负担仍然较重，信息化建设进度偏慢，考核机制还不健全。
三、下一步打算
2022年，力争新型农村合作医疗参合率达到99%，新增床位120张，建成村级卫生室36个。
"""

PLAN_2021 = """一、总体思路
2021年，围绕保障群众健康这一主线，抓实基层医疗服务，完善公共卫生体系，改善群众就医条件，规范医疗机构管理。
二、主要目标
力争新型农村合作医疗参合率达到97%，每千人口床位数达到4.2张，接种疫苗3万剂次。
三、保障措施
强化组织领导，压实工作责任，严格督导考核，营造良好氛围，确保全年任务圆满完成。
"""

GOV, SHARE = "http://www.yunhe.gov.example", "http://www.wenku.example"
HEALTH_2021, HEALTH_PLAN, COPY, PREVIEW = (
    f"{GOV}/wjj/202201/1.html",
    f"{GOV}/wjj/202101/2.html",
    f"{SHARE}/p-77.html",
    f"{SHARE}/p-78.html",
)
OTHERS = [f"{GOV}/zwgk/{year}/3.html" for year in range(2016, 2022)]


def real_reading(url: str, title: str, text: str, **report: Any) -> Reading:
    """A report read, tagged and fingerprinted by the project's own rules."""
    kind = "sharing" if url.startswith(SHARE) else "government"
    said = Report(url=url, title=title, text=text, source_kind=kind, **report)  # type: ignore[arg-type]
    source = "wenku" if kind == "sharing" else "yunhe"
    fetched = capture(url, digest=report_id(url), source=source, list_title=title)
    return Reading(said, fetched, tag_report(said), tuple(fingerprint(text).tolist()), "e1", "t1")


def collected() -> Batch:
    """Two health reports, other years' reports of the county, a re-dated masked copy and a preview on a sharing site."""
    masked = (
        HEALTH.replace("98%", "xx%").replace("4.5", "x.x").replace("3.2", "x.x").replace("2022年", "2026年")
    )
    health = {"publisher": "天门市卫生健康委员会", "index_no": "011234560/2022-00012"}
    others = [
        real_reading(url, f"天门市{2016 + n}年政府工作报告", composed_report(n, year=2015 + n), publisher="天门市人民政府",
                     published_on=date(2016 + n, 2, 1), index_no=f"011234560/2022-0000{n + n // 3}")
        for n, url in enumerate(OTHERS)
    ]  # fmt: skip
    readings = (
        real_reading(HEALTH_2021, "天门市卫生健康委2021年工作总结及2022年工作打算", HEALTH, published_on=date(2022, 1, 5), **health),
        real_reading(HEALTH_PLAN, "天门市卫生健康委2021年工作计划", PLAN_2021, published_on=date(2021, 1, 9), **health,
                     doc_no="云卫发〔2021〕12号"),
        real_reading(COPY, "县卫健局2025年工作总结及2026年工作打算", masked, published_on=date(2025, 12, 20)),
        real_reading(PREVIEW, "学校安全工作总结", composed_report(99)[:400]),
        *others,
    )  # fmt: skip
    notice = capture(f"{GOV}/wjj/4.html", list_title="关于召开会议的通知")
    blocked = capture(f"{GOV}/wjj/5.html", outcome="blocked", status=412, digest=None)
    return Batch(
        "run1:0",
        captures=(*(r.capture for r in readings), notice, blocked),
        listed=tuple(_listed(url, title, day) for url, title, day in _rows(readings)),
        readings=readings,
        rejections=((notice, Rejection(notice.url, "notice", "召开会议")),),
    )


def _rows(readings: tuple[Reading, ...]) -> list[tuple[str, str, date | None]]:
    seen = [(r.report.url, r.report.title, r.report.published_on) for r in readings]
    return [
        *seen,
        (f"{GOV}/wjj/4.html", "关于召开会议的通知", date(2022, 3, 1)),
        (f"{GOV}/wjj/5.html", "天门市卫生健康委2019年工作总结", date(2020, 1, 3)),
        (f"{GOV}/wjj/6.html", "天门市卫生健康委2018年工作总结", date(2019, 1, 3)),
    ]


def _listed(url: str, title: str, day: date | None) -> ListedRow:
    source = "wenku" if url.startswith(SHARE) else "yunhe"
    return ListedRow("run1", source, f"{GOV}/wjj/", url, title, day, 1, "fetch", "", NOON)


def small_archive(folder: Path) -> Home:
    """The collected sample, deduplicated and published."""
    home = empty_home(folder)
    with open_writer(home) as writer:
        writer.save_sources(
            [{"name": "yunhe", "title": "云河县", "kind": "government", "at_least": 5, "collect": True}]
        )
        writer.save_run(
            CrawlRun("run1", "yunhe", NOON, NOON + timedelta(minutes=2), "done", "end", True, rows_seen=11)
        )
        loaded = writer.load(collected())
        writer.deduplicate(loaded.new)
        writer.publish()
    return home


def here() -> Workers:
    """Workers that are no processes: each batch is done when it is asked for."""
    return Workers(lambda function, job: lambda: function(*job), 1)
