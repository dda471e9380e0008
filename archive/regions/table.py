"""The divisions of China 1981-2025 (GB/T 2260 codes) with their successors. Origin and licence: ORIGIN.md."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Level = Literal["national", "province", "city", "county"]

NATIONAL = "000000"


@dataclass(frozen=True, slots=True)
class Division:
    """One name under one code for a span of years. `valid_to` is the first year it no longer held; None: it holds."""

    code: str
    name: str
    valid_from: int
    valid_to: int | None
    successors: tuple[str, ...]

    def holds_in(self, year: int) -> bool:
        """True where the division had this name and code in that year; both years of a change count."""
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of one of this package's tables, by file name (.csv or .tsv)."""
    text = resources.files("archive.regions").joinpath(name).read_text("utf-8")
    delimiter = "\t" if name.endswith(".tsv") else ","
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter=delimiter))


@cache
def divisions() -> tuple[Division, ...]:
    """Every division that ever held, in the order of codes."""
    return tuple(
        Division(
            code=row["code"],
            name=row["name"],
            valid_from=int(row["valid_from"]),
            valid_to=int(row["valid_to"]) if row["valid_to"] else None,
            successors=tuple(row["successors"].split()),
        )
        for row in read_table("divisions.csv")
    )


@cache
def by_code() -> dict[str, tuple[Division, ...]]:
    """Divisions by code: one code has had several names."""
    return _grouped((d.code, d) for d in divisions())


@cache
def by_name() -> dict[str, tuple[Division, ...]]:
    """Divisions by full name: one name has stood for several divisions."""
    return _grouped((d.name, d) for d in divisions())


def _grouped(pairs: Iterable[tuple[str, Division]]) -> dict[str, tuple[Division, ...]]:
    groups: dict[str, list[Division]] = {}
    for key, division in pairs:
        groups.setdefault(key, []).append(division)
    return {key: tuple(group) for key, group in groups.items()}


@cache
def _holding() -> dict[str, Division]:
    return {d.code: d for d in divisions() if d.valid_to is None}


def name_of(code: str) -> str | None:
    """Today's name of a code that holds today, or None."""
    division = _holding().get(code)
    return division.name if division else None


def is_code(code: str) -> bool:
    """True for a code that holds or has held."""
    return code in by_code()


@cache
def current(code: str) -> frozenset[str]:
    """The codes that stand for a code's area today; several where it was split, none where nothing is known.

    >>> sorted(current("500383")), sorted(current("110223"))
    (['500118'], ['110112'])
    """
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        if code in _holding():
            found.add(code)
        else:
            waiting.extend(s for d in by_code().get(code, ()) for s in d.successors)
    return frozenset(found)


def level_of(code: str) -> Level:
    """The level that a code's zeros tell.

    >>> level_of("420000"), level_of("330500"), level_of("429006")
    ('province', 'city', 'county')
    """
    if code == NATIONAL:
        return "national"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above a code, widest first; directly governed counties have no city above.

    >>> ancestors("330502"), ancestors("429006")
    (('330000', '330500'), ('420000',))
    """
    above = [code[:2] + "0000"] if not code.endswith("0000") else []
    city = code[:4] + "00"
    if level_of(code) == "county" and is_code(city):
        above.append(city)
    return tuple(above)


def is_within(code: str, area: str) -> bool:
    """True where `code` is the area itself or lies in it; everything lies in the nation.

    >>> is_within("330502", "330500"), is_within("330500", "330502")
    (True, False)
    """
    return area in (NATIONAL, code) or area in ancestors(code)


def path_of(code: str) -> str:
    """Names from the province down.

    >>> path_of("429006"), path_of("330502")
    ('湖北省/天门市', '浙江省/湖州市/吴兴区')
    """
    if code == NATIONAL:
        return "全国"
    names = [name_of(c) for c in (*ancestors(code), code)]
    return "/".join(name for name in names if name)


def code_in_year(name: str, code: str, year: int) -> str:
    """The code valid in a year for the area that has `code` today; `code` itself where nothing older is known.

    >>> code_in_year("永川", "500118", 2003)
    '500383'
    """
    if any(d.holds_in(year) for d in by_code().get(code, ())):
        return code
    older = [d for d in _predecessors(code) if d.holds_in(year)]
    same_name = [d for d in older if d.name.startswith(name[:2])]
    return (same_name or older)[0].code if older else code


@cache
def _predecessors(code: str) -> tuple[Division, ...]:
    return tuple(d for d in divisions() if d.code != code and code in current(d.code))
