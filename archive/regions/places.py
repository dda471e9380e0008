"""The region that an agency's name or a title names: a chain of divisions, a township, a national body, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.regions.names import Mention, mentions
from archive.regions.table import NATIONAL, Division, current, is_within, level_of, name_of
from archive.regions.townships import TownshipMention, townships

# Governments put their reports online since the disclosure regulations of 2008: an undated name may be of any division
# that has held since (桥东区 was Shijiazhuang's until 2014 and is Zhangjiakou's).
_PAGES_SINCE = 2008


@dataclass(frozen=True, slots=True)
class Place:
    """Where a string points: current codes (several where it stays open), the words that say so, and how sure that is.

    `is_township`: a township is named, and the codes are those of its county.
    """

    codes: frozenset[str]
    start: int
    end: int
    confidence: float
    is_township: bool = False


# Bodies of the centre. 国家税务总局某市税务局 names its city as well, and the deeper place wins.
_NATIONAL = re.compile(
    r"""^(?!.{3,}[省市县区州旗盟](?!场))(?:中华人民共和国|国务院|国家[\u4e00-\u9fff]{1,12}(?:局|委员会|委|总局|部|办公室|中心)(?=$
    |[^\u4e00-\u9fff]|关于|办公|[\u4e00-\u9fff]{2,8}(?:司|局)(?:$|\d))|全国(?:人民代表大会|人大|政协|总工会|妇联|妇女联合会|工商联)|中共中央
    |中央[\u4e00-\u9fff]{2,10}(?:部|委|办|室)
    |最高人民(?:法院|检察院)|(?:教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源(?:和)?社会保障|自然资源|国土资源|生态环境|环境保护|住房(?:和)?城乡建设|建设
        |交通运输|交通|水利|农业农村|农业|商务|文化(?:和旅游)?|卫生|外交|国防|铁道|信息产业|人事|劳动和社会保障|退役军人事务|应急管理|监察)部(?!门|分|队|$.)
    |审计署|中国人民银行(?!.{2,})|中国(?:气象|地震|民用航空|证券监督|银行保险|银行业监督|保险监督)[\u4e00-\u9fff]{0,10}(?:局|委员会)$|海关总署|国资委$)""",
    re.VERBOSE,
)
# A township stands at the start, after a division, a date or 关于; inside a word (某某镇, 全乡镇) it is none.
_BEFORE_TOWNSHIP = re.compile(
    r"(?:^|[\d\s年月日度(（)）《“”:：,，、。-]|关于|中共|共青团|在|政府|[省市县区州盟旗])$"
)


def place_in(text: str, year: int | None = None) -> Place | None:
    """The place that an agency's name or a title names. `year`: of the report, to choose among divisions of one name."""
    found = list(mentions(text))
    chains = list(_chains(text, found))
    resolved = [(chain, _codes(chain, year)) for chain in chains]
    resolved = [(chain, codes) for chain, codes in resolved if codes]
    town = _township(text, resolved)
    if town is not None:
        return town
    if not resolved:
        nation = _NATIONAL.match(text)
        return Place(frozenset({NATIONAL}), 0, nation.end(), 0.9) if nation else None
    chain, codes = _deepest(resolved)
    return Place(codes, chain[0].start, chain[-1].end, _confidence(chain, codes, text))


def _chains(text: str, found: Sequence[Mention]) -> Iterable[list[Mention]]:
    """Neighbouring names that go from wide to narrow: 吉林市 + 昌邑区."""
    chain: list[Mention] = []
    for mention in found:
        if chain and mention.start - chain[-1].end <= 1 and _codes([*chain, mention], None):
            chain.append(mention)
            continue
        if chain:
            yield chain
        chain = [mention]
    if chain:
        yield chain


def _codes(chain: Sequence[Mention], year: int | None) -> frozenset[str]:
    """Current codes of a chain's last name that lie in all the names before it."""
    above: frozenset[str] | None = None
    for mention in chain:
        divisions = [d for d in mention.divisions if above is None or _lies_in(d, above)]
        above = _best(divisions, year)
        if not above:
            return frozenset()
    return above or frozenset()


def _lies_in(division: Division, areas: frozenset[str]) -> bool:
    """True where the division, as it was or as it is now, is inside one of the areas and below it."""
    codes = {division.code, *current(division.code)}
    return any(code not in areas and is_within(code, area) for code in codes for area in areas)


def _best(divisions: Sequence[Division], year: int | None) -> frozenset[str]:
    """Codes of today for one name: of the divisions that held it in the year, or that hold it now, or that ever did."""
    since = _PAGES_SINCE if year is None else year
    valid = [d for d in divisions if (d.valid_to or since) >= since and (year is None or d.holds_in(year))]
    codes = frozenset(code for d in (valid or divisions) for code in _today(d))
    provinces = frozenset(code for code in codes if level_of(code) == "province")
    if provinces:  # 河南, 海南 alone are the provinces, not 河南蒙古族自治县 or 海南州
        return provinces
    cities = frozenset(code for code in codes if level_of(code) == "city")
    # A city and its old seat share a name (巢湖市); without class word a city and a county (长沙) mean the city.
    return cities or codes


def _today(division: Division) -> frozenset[str]:
    """Current codes of a division; of several after a split the one that kept the name (武进市: 武进区, not 新北区)."""
    codes = current(division.code)
    kept = frozenset(code for code in codes if (name_of(code) or "").startswith(division.name[:2]))
    return kept if len(kept) == 1 else codes


def _deepest(resolved: list[tuple[list[Mention], frozenset[str]]]) -> tuple[list[Mention], frozenset[str]]:
    """The first chain, or a later one that lies inside it."""
    best = resolved[0]
    for chain, codes in resolved[1:]:
        inside = frozenset(c for c in codes if any(c != a and is_within(c, a) for a in best[1]))
        if inside:
            best = (chain, inside)
    return best


def _confidence(chain: list[Mention], codes: frozenset[str], text: str) -> float:
    if len(codes) > 1:
        return 0.5
    is_full = chain[-1].is_full
    starts = chain[0].start == 0
    return 0.97 if is_full and starts else 0.92 if is_full else 0.88 if len(chain) > 1 or starts else 0.8


def _township(text: str, resolved: list[tuple[list[Mention], frozenset[str]]]) -> Place | None:
    """A township that is named inside the divisions named before it, or that only one county has."""
    areas = _deepest(resolved)[1] if resolved else frozenset()
    end = resolved[0][0][-1].end if resolved else 0
    for town in townships(text):
        if town.start < end or not _BEFORE_TOWNSHIP.search(text[max(0, town.start - 4) : town.start]):
            continue
        counties = _inside(town, areas)
        if not counties:
            continue
        start = resolved[0][0][0].start if resolved else town.start
        # The list of townships is of one year and knows no history, so a name alone is not certain.
        confidence = 0.5 if len(counties) > 1 else 0.95 if areas else 0.85
        return Place(counties, start, town.end, confidence, is_township=True)
    return None


def _inside(town: TownshipMention, areas: frozenset[str]) -> frozenset[str]:
    if not areas:
        return town.counties
    return frozenset(c for c in town.counties if any(is_within(c, a) for a in areas))
