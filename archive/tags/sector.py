"""The sector and the level of the agency that a report comes from."""

from __future__ import annotations

import re

from archive.agencies.agency import SectorMatch, level_of_agency, sector_of_matter, sector_of_office
from archive.models import Report, Tag
from archive.regions.places import place_in
from archive.regions.table import level_of
from archive.titles.normal import simplified

# Where a title stops naming its author: 某县卫生局 | 2021年 …, 某镇 | 关于…
_AUTHOR_END = re.compile(
    r"(?:19|20)\d\d|二[〇○零]|关于|工作(?:总结|报告|计划|要点)|第[一二三四]季度|[上下]半年"
)
_ENDS_AS_DIVISION = re.compile(r"[省市县区州旗盟]$")
_LONGEST_NAME = 30  # longer strings are sentences
_BY_PUBLISHER, _BY_TITLE_OFFICE, _BY_TITLE_MATTER = 0.95, 0.85, 0.7


def sector(report: Report) -> list[Tag]:
    """Tags sector and publisher_level, from the publisher's name or, without one, from the title."""
    for field, value in (("publisher", report.publisher), ("source_line", report.source_line)):
        name = simplified((value or "")[:200])
        found = sector_of_office(name) or _by_itself(name)
        if found is not None:
            return _tags(found, field, _BY_PUBLISHER, name)
    return _from_title(simplified(report.title[:200]))


def _from_title(title: str) -> list[Tag]:
    author = _author(title)
    found = sector_of_office(title) or sector_of_matter(title) or _by_itself(author)
    if found is None:
        return []
    return _tags(found, "title", _BY_TITLE_OFFICE if found.is_office else _BY_TITLE_MATTER, author)


def _by_itself(name: str) -> SectorMatch | None:
    """永川区来苏镇, 石坪村民委员会: a township or division without an office is its government."""
    level = level_of_agency(name, None) if len(name) < _LONGEST_NAME else None
    if level in ("township", "village") or (
        name and _region_level(name) is not None and _ENDS_AS_DIVISION.search(name)
    ):
        return SectorMatch("government", 0, len(name), True)
    return None


def _author(title: str) -> str:
    """The part of a title that may name its author.

    >>> _author("某县卫生局2021年工作总结"), _author("2021年某县卫生工作总结")
    ('某县卫生局', '某县卫生')
    """
    rest = re.sub(r"^(?:关于|(?:19|20)\d\d年?度?)+", "", title)
    end = _AUTHOR_END.search(rest)
    return rest[: end.start()] if end else rest


def _tags(found: SectorMatch, field: str, confidence: float, author: str) -> list[Tag]:
    method = "office" if found.is_office else "matter"
    tags = [Tag("sector", found.sector, confidence, method, field, found.start, found.end)]
    level = level_of_agency(author, _region_level(author))
    if level is not None:
        tags.append(
            Tag("publisher_level", level, round(confidence - 0.05, 2), "class of body", field, detail=author)
        )
    return tags


def _region_level(name: str) -> str | None:
    place = place_in(name)
    if place is None:
        return None
    levels = {level_of(code) for code in place.codes}
    return "township" if place.is_township else levels.pop() if len(levels) == 1 else None
