"""Reads an agency's name: sector by the words that offices bear, level by its region and class of body."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

AgencyLevel = Literal["national", "province", "city", "county", "township", "institution", "village"]


@dataclass(frozen=True, slots=True)
class SectorMatch:
    """A sector with the words [start, end) that say so; `is_office`: they name an office, not just its matter."""

    sector: str
    start: int
    end: int
    is_office: bool


@cache
def _table() -> tuple[dict[str, str], dict[str, str], re.Pattern[str], re.Pattern[str]]:
    text = resources.files("archive.agencies").joinpath("sectors.tsv").read_text("utf-8")
    rows = list(
        csv.DictReader([line for line in text.splitlines() if not line.startswith("#")], delimiter="\t")
    )
    offices = {word: row["sector"] for row in rows for word in row["offices"].split()}
    matters = {word: row["sector"] for row in rows for word in row["matters"].split()}
    return offices, matters, _any_of(offices), _any_of(matters)


def _any_of(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


# Words for whoever has no office of his own: they give way to any other sector in the same name (县委宣传部, 街道卫生院).
_GENERAL = {"government", "party", "enterprise"}
# 医院, 学校: an institution stands on no level of government.
_INSTITUTION = re.compile(
    r"""医院|卫生院|保健院|疾控中心|卫生服务中心|血站|学校|大学|学院|中学|小学|幼儿园|高中|初中|职教中心|研究[院所]|博物馆|图书馆|文化馆|福利院|公司|集团|银行|信用社|报社|电视台|融媒体|林场|农场|水库|监狱|实验室""",
    re.VERBOSE,
)
_TOWNSHIP = re.compile(r"(?<!城)[镇乡](?!村)|街道|苏木|办事处(?!.*局)")
_VILLAGE = re.compile(r"村(?:委|民委|党|支|务)|村$|社区(?:居|党|$)|居委会|居民委员会|嘎查")
# The word of the level itself, where the name of the division is left out: 县卫生健康局, 区教育局.
_BARE = (
    (
        "county",
        re.compile(
            r"^(?:本|我|全|某|[xX×]+)?(?:县|区|旗)|[\u4e00-\u9fffxX×](?:县|旗)(?!级)|[\u4e00-\u9fff](?<!自治)(?<!地)区(?!域)"
        ),
    ),
    (
        "city",
        re.compile(
            r"^(?:本|我|全|某|[xX×]+)?(?:市(?!场)|州|盟)|[\u4e00-\u9fffxX×](?:市(?!场)|自治州|州[市委]|盟|地区)"
        ),
    ),
    ("province", re.compile(r"^(?:本|我|全)?(?:省|自治区)|[\u4e00-\u9fff]省|自治区")),
    ("national", re.compile(r"^(?:国务院|国家|全国|中央|中华人民共和国)")),
)


def sector_of_office(name: str) -> SectorMatch | None:
    """The sector of an agency's name in simplified characters.

    >>> [sector_of_office(n).sector for n in ("某县卫计局", "某市住房和城乡建设局", "某县委宣传部", "某区教育和体育局")]
    ['health', 'housing', 'party', 'education']
    """
    offices, _, pattern, _ = _table()
    found = [SectorMatch(offices[m[0]], m.start(), m.end(), True) for m in pattern.finditer(name)]
    special = [m for m in found if m.sector not in _GENERAL]
    if special:
        return special[0]
    return found[-1] if found else None


def sector_of_matter(title: str) -> SectorMatch | None:
    """The sector that a title without an office is on."""
    _, matters, _, pattern = _table()
    match = pattern.search(title)
    return SectorMatch(matters[match[0]], match.start(), match.end(), False) if match else None


def level_of_agency(name: str, region_level: str | None) -> AgencyLevel | None:
    """The level on which an agency stands; `region_level` is that of the region its name resolved to, if it did.

    >>> level_of_agency("某某镇人民政府", None), level_of_agency("县卫生健康局", None), level_of_agency("县人民医院", "county")
    ('township', 'county', 'institution')
    """
    if _INSTITUTION.search(name):
        return "institution"
    if _VILLAGE.search(name):
        return "village"
    if _TOWNSHIP.search(name):
        return "township"
    for level in ("national", "province", "city", "county", "township"):
        if region_level == level:
            return level
    return next((level for level, pattern in _BARE if pattern.search(name)), None)  # type: ignore[misc]
