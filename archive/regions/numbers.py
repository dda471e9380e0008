"""Regions in identifiers: the site code of a government site, the index number of a document, organisation codes."""

from __future__ import annotations

import re

from archive.regions.table import NATIONAL, current, is_code

# GB 11714: weights of the eight characters; check character = 11 - (sum mod 11), 10 is X, 11 is 0.
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# GB 32100: alphabet without I, O, S, V, Z; weights are the powers of 3 mod 31.
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_ORG_CODE = re.compile(r"(?<![0-9A-Z])([0-9A-Z]{8})-?([0-9X])(?![0-9A-Z])")
# A division code with a serial of its own: 6107280000/2024-001005, 640324-104/2021-00012, 340181/2021-00003.
_DIVISION = re.compile(r"^(?P<code>\d{6})(?:\d{3,6})?(?=[/\-_A-Z])|^(?P<alone>\d{6})\d{4}$")
_SITE = re.compile(r"^(?P<code>\d{6})\d{4}$")


def is_org_code(code: str) -> bool:
    """True where nine characters pass the check digit of GB 11714.

    >>> is_org_code("MB1A08302"), is_org_code("MB1A08303")
    (True, False)
    """
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(code, _ORG_WEIGHTS, strict=False))
    return "0123456789X0"[(11 - total % 11)] == code[8]


def is_uscc(code: str) -> bool:
    """True where eighteen characters pass the check character of GB 32100.

    >>> is_uscc("11500383009338112H"), is_uscc("115003830093381120")
    (True, False)
    """
    if len(code) != 18 or any(c not in _USCC_ALPHABET for c in code):
        return False
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(code, _USCC_WEIGHTS, strict=False))
    return _USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def region_of_site_code(code: str) -> frozenset[str]:
    """Current codes for a 网站标识码: six digits of division and four of serial; bmNN… is a ministry's.

    >>> sorted(region_of_site_code("3203000040")), sorted(region_of_site_code("bm17000009"))
    (['320300'], ['000000'])
    """
    code = code.strip()
    if re.fullmatch(r"(?i)bm\d{6,10}", code):
        return frozenset({NATIONAL})
    match = _SITE.match(code)
    return _current(match["code"]) if match else frozenset()


def region_of_index_no(index_no: str) -> tuple[frozenset[str], str]:
    """Current codes that an 索引号 tells, and by which kind of prefix; none for a bare organisation code.

    >>> region_of_index_no("11500383009338112H/2021-00021")
    (frozenset({'500118'}), 'uscc')
    >>> region_of_index_no("003257952/200808-00011")
    (frozenset(), 'org code')
    """
    index_no = index_no.strip().upper().replace(" ", "")
    uscc = _USCC.search(index_no)
    if uscc is not None:
        area = uscc[0][2:8]
        kind = "uscc" if is_uscc(uscc[0]) else "uscc, check character wrong"
        return (frozenset({NATIONAL}) if area == "100000" else _current(area)), kind
    org = _ORG_CODE.match(index_no)
    if org is not None and is_org_code(org[1] + org[2]):
        return frozenset(), "org code"
    division = _DIVISION.match(index_no)
    if division is None:
        return frozenset(), ""
    return _current(division["code"] or division["alone"]), "division prefix"


def _current(code: str) -> frozenset[str]:
    return current(code) if is_code(code) else frozenset()
