"""Makes an archive of any size for benchmarks: `python -m tests.benchmarks.archive_generator HOME 100000`.

The texts are composed: some 4,000 invented words drawn by Zipf's law into sentences of the manner of work reports, about
1,400 characters each (4.2 kB), no two alike. Regions, sectors, years, tags, figures and citations are drawn so
that the views have as many groups as a real archive of that size would have.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from archive.fingerprints import fingerprint
from archive.models import (
    Batch,
    Capture,
    Citation,
    CrawlRun,
    Indicator,
    ListedRow,
    Reading,
    Report,
    Section,
    Tag,
    Tagged,
)
from archive.warehouse import Home, open_writer

SEED = 20261123
BATCH = 2_000
START = datetime(2026, 1, 1, tzinfo=UTC)

SYLLABLES = (
    "医疗卫生疾病预防控制农村合作教育建设管理服务质量安全生产经济社会发展改革创新基层干部群众项目资金投入完善体系加强落实"
    "工程环境保护治理水利交通运输文化旅游市场监督就业保障住房土地资源信息网络技术人才培训考核检查督导宣传活动组织领导责任"
    "制度机制规划目标任务推进提高增长减少覆盖床位疫苗接种参合贫困脱贫振兴产业企业招商引资财政收入支出预算决算审计统计"
)
COMMON = (
    "工作",
    "全县",
    "开展",
    "加强",
    "落实",
    "推进",
    "建设",
    "管理",
    "完成",
    "进一步",
    "情况",
    "方面",
    "不断",
    "提高",
)
SECTORS = (
    "health",
    "education",
    "civil_affairs",
    "agriculture",
    "finance",
    "transport",
    "water",
    "culture",
    "audit",
    "forestry",
)
KINDS = ("annual", "annual", "annual", "half", "plan", "gwr", "duty", "special")
FIGURES = ("床位数", "参合率", "接种率", "财政收入", "脱贫人口", "新增就业", "绿化面积", "公路里程")


def words(rng: random.Random, n: int = 4_000) -> tuple[list[str], list[float]]:
    """Words and their cumulative weights by Zipf's law."""
    made = list(COMMON)
    while len(made) < n:
        made.append("".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 2, 3, 4)))))
    total, weights = 0.0, []
    for rank in range(1, n + 1):
        total += 1 / rank
        weights.append(total)
    return made, weights


def compose(rng: random.Random, vocabulary: tuple[list[str], list[float]], n_words: int) -> str:
    """One text: sections of sentences with figures in them."""
    chosen = rng.choices(vocabulary[0], cum_weights=vocabulary[1], k=n_words)
    parts: list[str] = []
    for place, word in enumerate(chosen):
        if place % 120 == 0:
            parts.append(f"\n{'一二三四五六七八九十'[place // 120 % 10]}、{word}{chosen[-1 - place]}\n")
        parts.append(word)
        if place % 9 == 8:
            parts.append(rng.choice(("，", "，", "。", f"达{rng.randint(1, 99999)}万元，")))
    return "".join(parts)


def readings(n: int, first: int = 0) -> Iterator[Reading]:
    """Reports first, first + 1, …; the same number always gives the same report."""
    vocabulary = words(random.Random(SEED))
    for number in range(first, first + n):
        yield reading(number, vocabulary)


def reading(number: int, vocabulary: tuple[list[str], list[float]]) -> Reading:
    """One report with its tags, outline, figures and citations."""
    rng = random.Random(SEED * 1_000_003 + number)
    agency = rng.randrange(20_000)
    region, sector = f"{11 + agency % 50}{agency // 50 % 20:02}{agency // 1000:02}", SECTORS[agency % 10]
    year, kind = rng.randint(2006, 2025), rng.choice(KINDS)
    text = compose(rng, vocabulary, rng.randint(200, 1000))
    url = f"http://www.a{agency}.example/{year}/{number}.html"
    title = f"第{agency}县{rng.choice(vocabulary[0])}局{year}年工作总结"
    capture = Capture(
        f"run{number // BATCH}", f"s{agency % 1000}", url, "report", 200, "ok",
        START + timedelta(seconds=number // 4), digest=f"{number:064x}", warc_file=f"{number // BATCH}.warc.gz",
        warc_offset=number * 9_000, n_bytes=9_000,
    )  # fmt: skip
    report = Report(
        url=url, title=title, text=text, published_on=date(year + 1, 1 + number % 12, 1 + number % 28),
        publisher=f"第{agency}县卫生局", index_no=f"{agency:09}/{year}-{number % 99999:05}",
        source_kind="government" if agency % 7 else "sharing",
    )  # fmt: skip
    return Reading(
        report,
        capture,
        tagged(rng, text, kind, year, region, sector),
        tuple(fingerprint(text).tolist()),
        "b1",
        "b1",
    )


def tagged(rng: random.Random, text: str, kind: str, year: int, region: str, sector: str) -> Tagged:
    """Ten tags, ten sections, twelve figures, two citations."""
    values: dict[str, str | int | float | bool] = {
        "report_types": kind, "period_start": f"{year}-01-01", "period_end": f"{year}-12-31", "region": region,
        "region_level": "county", "sector": sector, "masked_ratio": rng.choice((0.0, 0.0, 0.5)), "is_truncated": False,
        "true_year_lo": year, "true_year_hi": year + 1,
    }  # fmt: skip
    tags = tuple(Tag(name, value, 0.9, "generator", "title", 0, 4) for name, value in values.items())
    step = len(text) // 12
    return Tagged(
        tags,
        tuple(Section(i, 1, f"{i}、", "标题", False, None, i * step, (i + 1) * step) for i in range(10)),
        tuple(
            Indicator(rng.choice(FIGURES), rng.random() * 1e4, "个", i * step, i * step + 6)
            for i in range(12)
        ),
        tuple(Citation("doc_no", f"湖卫发〔{year}〕{rng.randint(1, 200)}号", 0, 9, year) for _ in range(2)),
    )


def batch(start: int, n: int) -> Batch:
    """One batch of the generated archive, with the log of its crawl."""
    found = tuple(readings(n, start))
    listed = (
        ListedRow(r.capture.run_id, r.capture.source, "http://l.example/", r.report.url, r.report.title,
                  r.report.published_on, 1, "fetch", "", r.capture.fetched_at)
        for r in found
    )  # fmt: skip
    return Batch(f"generated:{start}", tuple(r.capture for r in found), tuple(listed), found)


def generate(home: Home, n: int) -> None:
    """Load n reports, or what is missing of them, and publish."""
    with open_writer(home) as writer:
        loaded = writer.loaded_keys()
        for start in range(0, n, BATCH):
            if f"generated:{start}" in loaded:
                continue
            began = time.monotonic()
            made = batch(start, min(BATCH, n - start))
            composed = time.monotonic()
            writer.load(made)
            now = START + timedelta(seconds=start // 4)
            writer.save_run(
                CrawlRun(f"run{start // BATCH}", f"s{start // BATCH % 1000}", now, now, "done", "end")
            )
            print(
                f"{start + BATCH:>9} composed in {composed - began:.1f} s, loaded in {time.monotonic() - composed:.1f} s",
                flush=True,
            )
        writer.publish()


if __name__ == "__main__":
    generate(Home(Path(sys.argv[1]).resolve()), int(sys.argv[2]))
