"""The automatic numbers of a DOCX: Word keeps 一、 and （一） outside the text, where a reader of text loses them."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from crawlers.pages.attachments.packages import local_name, parse_xml

_CHINESE = "〇一二三四五六七八九"
_CIRCLED = 0x2460  # ①; Unicode has twenty in a row


@dataclass(frozen=True, slots=True)
class _Level:
    number_format: str = "decimal"
    text: str = ""  # %1、
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The lists of one document, and how far each has counted. Ask for labels in reading order."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)  # (list, level)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style of paragraphs -> list, level
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> Numbering:
        """The lists that the package defines; none where it has no word/numbering.xml."""
        if "word/numbering.xml" not in package.namelist():
            return cls()
        levels = _levels(parse_xml(package.read("word/numbering.xml")))
        return cls(levels, _styles(package))

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word shows before a paragraph, or nothing. Counts on."""
        name, depth = self._place(paragraph)
        level = self.levels.get((name, depth))
        if level is None or level.number_format == "bullet":
            return ""
        counts = self.counts[name]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda mark: self._shown(name, int(mark[1]) - 1), level.text)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """List and level: the paragraph's own, else those of its style."""
        properties = next((e for e in paragraph if local_name(e) == "pPr"), None)
        if properties is None:
            return "", 0
        return _list_of(properties) or self.styles.get(_child(properties, "pStyle"), ("", 0))

    def _shown(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth), _Level())
        return shown(self.counts[name].get(depth, level.start), level.number_format)


def _levels(root: etree._Element) -> dict[tuple[str, int], _Level]:
    abstract = {_value(e, "abstractNumId"): e for e in root if local_name(e) == "abstractNum"}
    levels = {}
    for number in (e for e in root if local_name(e) == "num"):
        definition = abstract.get(_child(number, "abstractNumId"))
        for level in () if definition is None else definition:
            if local_name(level) == "lvl" and (depth := _integer(_value(level, "ilvl"), -1)) >= 0:
                levels[_value(number, "numId"), depth] = _level(level)
    return levels


def _styles(package: zipfile.ZipFile) -> dict[str, tuple[str, int]]:
    if "word/styles.xml" not in package.namelist():
        return {}
    found = {}
    for style in parse_xml(package.read("word/styles.xml")):
        properties = next((e for e in style if local_name(e) == "pPr"), None)
        if properties is not None and (place := _list_of(properties)):
            found[_value(style, "styleId")] = place
    return found


def _list_of(properties: etree._Element) -> tuple[str, int] | None:
    numbered = next((e for e in properties if local_name(e) == "numPr"), None)
    if numbered is None:
        return None
    return _child(numbered, "numId"), _integer(_child(numbered, "ilvl"), 0)


def shown(number: int, number_format: str) -> str:
    """A number as a list shows it (ECMA-376 part 1, 17.18.59); formats that reports do not use are decimal.

    >>> [shown(n, "chineseCounting") for n in (3, 10, 12, 20, 34)]
    ['三', '十', '十二', '二十', '三十四']
    >>> shown(2, "decimalEnclosedCircle"), shown(7, "decimal")
    ('②', '7')
    """
    if "hinese" in number_format or number_format.startswith(("japanese", "ideographDigital", "taiwanese")):
        return _chinese(number)
    if number_format.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(_CIRCLED + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _CHINESE[tens] + "十")
    return head + (_CHINESE[ones] if ones else "")


def _level(element: etree._Element) -> _Level:
    start = _integer(_child(element, "start"), 1)
    return _Level(_child(element, "numFmt"), _child(element, "lvlText"), start)


def _child(element: etree._Element, name: str) -> str:
    return next((_value(child, "val") for child in element if local_name(child) == name), "")


def _value(element: etree._Element, name: str) -> str:
    return next((str(v) for key, v in element.items() if str(key).rpartition("}")[2] == name), "")


def _integer(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default
