"""The regions that a government host may belong to, by the pinyin and initials that its label spells."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from archive.regions.table import NATIONAL, by_name, current, is_within, level_of, read_table

_GOVERNMENT = re.compile(r"(?:^|\.)gov\.cn$")
_CLASS_ENDING = {"市": "shi", "县": "xian", "区": "qu", "旗": "qi", "州": "zhou", "省": "sheng", "盟": "meng"}
# Initials shorter than this fit dozens of places; such labels are only in the table of usual abbreviations.
_SHORTEST_INITIALS = 3
# More candidates than this are no evidence.
_MOST_CANDIDATES = 12


def government_labels(url: str) -> tuple[str, ...]:
    """Labels before gov.cn, nearest first; none where the host is no government host.

    >>> government_labels("http://wjw.huzhou.gov.cn/a.html")
    ('huzhou', 'wjw')
    """
    host = _host(url)
    if not _GOVERNMENT.search(host):
        return ()
    return tuple(reversed([label for label in host[: -len("gov.cn")].split(".") if label not in ("", "www")]))


def is_government_host(url: str) -> bool:
    """True for gov.cn and all below it.

    >>> is_government_host("https://www.gov.cn/a.htm"), is_government_host("http://gov.cn.example.com/")
    (True, False)
    """
    return _GOVERNMENT.search(_host(url)) is not None


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "://" in url else f"http://{url}").hostname or "").lower()
    except ValueError:
        return ""


def regions_of_host(url: str) -> tuple[frozenset[str], str]:
    """Current codes that a government host may stand for, and by which spelling; a deeper label narrows the nearer one."""
    labels = government_labels(url)
    if not labels:
        return (frozenset({NATIONAL}), "usual label") if is_government_host(url) else (frozenset(), "")
    near, how = regions_of_label(labels[0])
    for label in labels[1:]:
        inside = frozenset(
            c for c in regions_of_label(label)[0] if any(c != n and is_within(c, n) for n in near)
        )
        if len(label) >= _SHORTEST_INITIALS + 1 and len(inside) == 1 and len(near) == 1:
            return inside, "pinyin below " + labels[0]
    return near, how


def regions_of_label(label: str) -> tuple[frozenset[str], str]:
    """Current codes for one label.

    >>> regions_of_label("huzhou")
    (frozenset({'330500'}), 'pinyin')
    """
    label = re.sub(r"(?<=[a-z]{4})(?:gov|zf|zwgk|xxgk|rmzf)$|^(?:www|zwgk|xxgk)-?(?=[a-z]{4})", "", label)
    usual = _usual().get(label)
    if usual:
        return frozenset({usual}), "usual label"
    spelt = _spellings().get(label, frozenset())
    how = "pinyin"
    if not spelt:
        spelt, how = _initials().get(label, frozenset()), "initials"
    return (spelt, how) if len(spelt) <= _MOST_CANDIDATES else (frozenset(), "")


@cache
def _usual() -> dict[str, str]:
    return {row["label"]: row["code"] for row in read_table("labels.tsv")}


@cache
def _spellings() -> dict[str, frozenset[str]]:
    """Pinyin with and without the class word -> codes; the plain pinyin of a city is the city's, not a district's."""
    found: dict[str, set[str]] = {}
    for name, syllables, codes in _spelt_names():
        plain = "".join(syllables)
        ending = _CLASS_ENDING.get(name[-1], "")
        for spelling in {plain, plain + ending, plain.replace("v", "u"), plain.replace("v", "u") + ending}:
            found.setdefault(spelling, set()).update(codes)
    return {spelling: _widest(codes) for spelling, codes in found.items()}


@cache
def _initials() -> dict[str, frozenset[str]]:
    """Initials, alone or after those of the province or city (ahhy, njgl), and pinyin after them (bjchy is neither)."""
    found: dict[str, set[str]] = {}
    prefixes = _prefixes()
    for _name, syllables, codes in _spelt_names():
        initials = "".join(s[0] for s in syllables)
        for code in codes:
            for own in {initials, "".join(syllables)}:
                if len(own) >= _SHORTEST_INITIALS and own == initials:
                    found.setdefault(own, set()).add(code)
                for prefix in prefixes.get(code[:2], frozenset()) | prefixes.get(code[:4], frozenset()):
                    found.setdefault(prefix + own, set()).add(code)
    return {label: _widest(codes) for label, codes in found.items()}


@cache
def _prefixes() -> dict[str, frozenset[str]]:
    """How labels begin for a province (two digits of code) or a city (four): initials of its name."""
    found: dict[str, set[str]] = {}
    for _name, syllables, codes in _spelt_names():
        initials = "".join(s[0] for s in syllables)
        for code in codes:
            if level_of(code) == "province":
                found.setdefault(code[:2], set()).add(initials)
            elif level_of(code) == "city":
                found.setdefault(code[:4], set()).add(initials)
    return {digits: frozenset(all_initials) for digits, all_initials in found.items()}


@cache
def _spelt_names() -> tuple[tuple[str, tuple[str, ...], frozenset[str]], ...]:
    """(name, syllables, current codes) of names that hold today: hosts are younger than most changes."""
    rows = []
    for row in read_table("names.tsv"):
        codes = frozenset(c for d in by_name()[row["name"]] if d.valid_to is None for c in current(d.code))
        if codes and row["pinyin"]:
            rows.append((row["name"], tuple(row["pinyin"].split()), codes))
    return tuple(rows)


def _widest(codes: set[str]) -> frozenset[str]:
    """The province or city among places spelt alike, which took the plain label first; but a city that is known under a
    label of its own (qz for 衢州) left the plain one to others."""
    known = frozenset(_usual().values())
    for level in ("province", "city"):
        at_level = frozenset(code for code in codes if level_of(code) == level)
        if at_level:
            return at_level if not at_level & known or level == "province" else frozenset(codes)
    return frozenset(codes)
