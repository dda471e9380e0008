"""Texts in the manner of work reports for benchmarks: any number of them, no two alike, some ten thousand a second.

Words are drawn by Zipf's law, about 1,400 characters a text (4.2 kB), with figures between them. Words that analysts look for
stand among the invented ones at ranks that give them the share of texts that such words have in saved pages: a fifth
for 公共卫生, a hundredth for 床位数.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache, lru_cache

import numpy as np

SEED = 20261123
# Texts of one random sequence: a text depends on its number alone, whatever is made before it.
BLOCK = 2_000

SYLLABLES = (
    "医疗卫生疾病预防控制农村合作教育建设管理服务质量安全生产经济社会发展改革创新基层干部群众项目资金投入完善体系加强落实"
    "工程环境保护治理水利交通运输文化旅游市场监督就业保障住房土地资源信息网络技术人才培训考核检查督导宣传活动组织领导责任"
    "制度机制规划目标任务推进提高增长减少覆盖床位疫苗接种参合贫困脱贫振兴产业企业招商引资财政收入支出预算决算审计统计"
)
COMMON = (
    *("工作", "全县", "开展", "加强", "落实", "推进", "建设", "管理", "完成", "进一步", "情况"),
    *("方面", "不断", "提高"),
)
# A word and its rank among all words: at 250 it stands in every fourth text, at 3,000 in every fiftieth.
SOUGHT = {
    "公共卫生": 250, "安全生产": 300, "脱贫攻坚": 350, "乡村振兴": 400, "食品安全": 500, "招商引资": 550, "疫苗": 600,
    "传染病": 700, "合作医疗": 720, "信访": 740, "义务教育": 800, "财政收入": 900, "固定资产投资": 950, "污水处理": 1000,
    "新增就业": 1100, "放管服": 1200, "禁毒": 1500, "参合率": 2200, "接种率": 2500, "床位数": 3000, "家庭医生": 3100,
    "医共体": 4000, "河长制": 5000, "城乡居民医保": 6000, "公路里程": 8000, "绿化面积": 9000, "林长制": 15000,
}  # fmt: skip
N_WORDS = 20_000


@cache
def vocabulary() -> list[str]:
    """Words, the most frequent first."""
    rng = random.Random(SEED)
    made = list(COMMON)
    while len(made) < N_WORDS:
        made.append("".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 2, 3, 4)))))
    for word, rank in SOUGHT.items():
        made[rank] = word
    return made


@cache
def _reached() -> np.ndarray:
    """Up to which random number a word is chosen, by Zipf's law."""
    weights = np.cumsum(1 / np.arange(1, N_WORDS + 1))
    return weights / weights[-1]


def texts(first: int, n: int) -> Iterator[str]:
    """The texts first, first + 1, …, one after the other."""
    for block in range(first // BLOCK, (first + n - 1) // BLOCK + 1):
        start = block * BLOCK
        yield from _block(block)[max(first - start, 0) : first + n - start]


def draw(number: int, salt: int, n: int) -> int:
    """A number below n that looks random: the same for the same report, and as easily had in SQL."""
    return (number * 2654435761 + salt * 374761393) % 4294967296 // 128 % n


def agency(number: int) -> int:
    """The agency that wrote a report, of 20,000."""
    return draw(number, 1, 20_000)


def year(number: int) -> int:
    """The year that a report is about."""
    return 2006 + draw(number, 2, 20)


def title(number: int) -> str:
    """A report's title, with one of the thousand most frequent words in it."""
    return f"第{agency(number)}县{vocabulary()[draw(number, 3, 1_000)]}局{year(number)}年工作总结"


def url(number: int) -> str:
    """A report's address."""
    return f"http://www.a{agency(number)}.example/{year(number)}/{number}.html"


@cache
def _openings() -> list[str]:
    return [f"\n{numeral}、" for numeral in "一二三四五六七八九十"]


@lru_cache(maxsize=2)
def _block(block: int) -> list[str]:
    rng = np.random.default_rng((SEED, block))
    lengths = rng.integers(200, 1001, BLOCK)
    words = vocabulary()
    chosen = np.searchsorted(_reached(), rng.random(int(lengths.sum()))).tolist()
    marks = rng.integers(0, 4, len(chosen) // 9 + BLOCK).tolist()
    figures = rng.integers(1, 100_000, len(marks)).tolist()
    made, at, mark = [], 0, 0
    for length in lengths.tolist():
        parts = [words[index] for index in chosen[at : at + length]]
        for place in range(8, length, 9):
            parts[place] += ("，", "，", "。", f"达{figures[mark]}万元，")[marks[mark]]
            mark += 1
        for place in range(0, length, 120):
            parts[place] = f"{_openings()[place // 120 % 10]}{parts[place]}\n"
        made.append("".join(parts))
        at += length
    return made
