"""What an answer is worth: a page, garbage, a page that is gone, or one that the site keeps from crawlers."""

from __future__ import annotations

import re

# Statuses by which sites in this field turn a visitor away: 401/403/407 forbidden, 412 the JavaScript challenge of
# 瑞数, 421/451 refused for place or law, 521-523/525/526 the origin closed to the shield in front of it.
BLOCKING = frozenset({401, 403, 407, 412, 421, 451, 521, 523, 525, 526})
GONE = frozenset({404, 410})

# Files that some servers send under text/html: their first bytes name them.
_FILE_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Bytes that no text in UTF-8, GBK, GB18030 or Big5 holds.
_CONTROLS = bytes(sorted({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B}))
# Random bytes hold 10.5 % of them; a page with one stray control byte per line stays far below.
_GARBLED_SHARE = 0.04
_SAMPLE = 4096

# Pages that turn a visitor away are small, and hold next to no text: an article that mentions the words holds more.
_DOOR_BYTES = 60_000
_DOOR_CHARACTERS = 400
_CHALLENGE = re.compile(
    r"""
      \$_ts\s*=|\$_ts\.                       # 瑞数: the variable all its pages set
    | document\.cookie\s*=\s*['"]?acw_sc__v[23]  # 阿里云 WAF
    | arg1\s*=\s*'[0-9A-F]{40}'               # … its puzzle
    | __jsl_clearance                         # 加速乐 (知道创宇)
    | cf-browser-verification|cf_chl_opt      # Cloudflare
    | /_guard/(?:auto|slide|click)\.js        # GoEdge
    """,
    re.VERBOSE,
)
_CAPTCHA = re.compile(
    "请输入验证码|安全验证|访问验证|人机验证|滑动验证|拖动滑块|您的访问过于频繁|访问被拒绝|请求被拦截|网站防火墙"
)
_PASSWORD = re.compile(r"""<input[^>]{0,200}type\s*=\s*["']?password""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{0,200})", re.IGNORECASE)
_LOGIN = re.compile(r"登录|登陆|login|sign in", re.IGNORECASE)
_CODE_STARTS = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_TAG_OR_BLANK = re.compile(r"<[^<>]*>|\s+")
_BEYOND_ASCII = bytes(range(128, 256))


def is_garbled(body: bytes, content_type: bytes) -> bool:
    """Whether a body that calls itself text is random bytes.

    >>> is_garbled(bytes(range(256)) * 4, b"text/html"), is_garbled("<p>工作总结</p>".encode("gbk"), b"text/html")
    (True, False)
    """
    if b"html" not in content_type and b"text" not in content_type:
        return False
    sample = body[:_SAMPLE]
    if len(sample) < 64 or sample.startswith(_FILE_MAGIC) or sample.startswith(_UTF16):
        return False
    n_controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return n_controls > _GARBLED_SHARE * len(sample)


def why_blocked(status: int, body: bytes) -> str | None:
    """Why an answer is a closed door and not a page, in a word or two with its evidence; None for a page.

    >>> why_blocked(412, b""), why_blocked(200, b"<html><p>text</p></html>")
    ('HTTP 412', None)
    >>> why_blocked(200, "<title>访问验证</title><p>请完成安全验证</p>".encode())
    'captcha: 访问验证'
    """
    if status in BLOCKING:
        return f"HTTP {status}"
    # Most pages show within their first bytes that they hold too much text.
    if len(body) > _DOOR_BYTES or _holds_text(body[: 4 * _SAMPLE]) or _holds_text(body):
        return None
    text = _decode(body)
    evidence = _evidence(text)
    return evidence if evidence and _n_visible(text) <= _DOOR_CHARACTERS else None


def _holds_text(body: bytes) -> bool:
    """More bytes outside ASCII than a door has; a Chinese character has two or three. Nothing is decoded for it."""
    return len(body) - len(body.translate(None, _BEYOND_ASCII)) > 2 * 3 * _DOOR_CHARACTERS


def _n_visible(text: str) -> int:
    """Characters of a page that a reader sees: without scripts, styles, tags and blanks."""
    first, *after_code = _CODE_STARTS.split(text)
    seen = [first, *(code.partition("</")[2] for code in after_code)]
    return sum(len(_TAG_OR_BLANK.sub("", part)) for part in seen)


def _evidence(text: str) -> str | None:
    if found := _CHALLENGE.search(text):
        return f"JavaScript challenge: {found[0][:40]}"
    if found := _CAPTCHA.search(text):
        return f"captcha: {found[0]}"
    title = _TITLE.search(text)
    # A password field alone is also in the corner of open pages; a login page says so in its title.
    if title and _LOGIN.search(title[1]) and _PASSWORD.search(text):
        return "login page"
    return None


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")
