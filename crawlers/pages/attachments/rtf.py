"""RTF to text (RTF 1.9.1): old office programs saved it under the name .doc."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawlers.pages.attachments.content import Content, row, whole

_TOKEN = re.compile(
    rb"""\\'([0-9a-fA-F]{2})              # 1: a byte of the document's code page
    | \\([a-zA-Z]{1,32})(-?\d{1,9})?[ ]?  # 2, 3: a control word and its number; one space belongs to it
    | \\(.)                               # 4: a control symbol
    | ([{}])                              # 5: a group begins or ends
    | ([^\\{}\r\n]+)                      # 6: text""",
    re.VERBOSE | re.DOTALL,
)
# Groups whose content is not part of the text.
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf"
    b" footnote fldinst listtable listoverridetable themedata datastore generator xmlnstbl".split()
)
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"tab": " ",
    b"cell": "\x07",
    b"row": "\x07\n",
}
_QUOTES = {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emdash": "—", b"endash": "–", b"bullet": "·"}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_CHINESE = re.compile(rb"\\ansicpg936|\\fcharset134")  # code page, or the character set of a font


@dataclass(slots=True)
class _Reader:
    """The state of reading: `hidden` and `skips` of the open group, and those of the groups around it."""

    encoding: str
    hidden: bool = False
    skips: int = 1  # \\uc: how many characters stand after a \\u for programs that cannot read it
    around: list[tuple[bool, int]] = field(default_factory=list)
    to_skip: int = 0
    in_table: bool = False
    parts: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)

    def token(self, found: re.Match[bytes]) -> None:
        """Takes one token."""
        byte, word, number, symbol, brace, text = found.groups()
        if byte is not None or text is not None:
            self._bytes(bytes.fromhex(byte.decode()) if byte is not None else text)
            return
        self.flush()
        if brace is not None:
            self._brace(brace)
        elif word is not None:
            self._word(word, int(number) if number else None)
        elif symbol == b"*":
            self.hidden = True
        else:
            self._text(_SYMBOLS.get(symbol, ""))

    def flush(self) -> None:
        """Decodes the bytes gathered: a character of two bytes may come as one escape and one letter."""
        if self.raw and not self.hidden:
            self.parts.append(self.raw.decode(self.encoding, "replace"))
        self.raw.clear()

    def _bytes(self, data: bytes) -> None:
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        self.raw += data[skipped:]

    def _brace(self, brace: bytes) -> None:
        self.to_skip = 0
        if brace == b"{":
            self.around.append((self.hidden, self.skips))
        elif self.around:
            self.hidden, self.skips = self.around.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _HIDDEN:
            self.hidden = True
        elif word in (b"intbl", b"pard"):
            self.in_table = word == b"intbl"
        elif word in (b"par", b"line") and self.in_table:
            self._text(" ")
        elif word == b"uc":
            self.skips = number or 0
        elif word == b"u" and number is not None:
            self.to_skip = self.skips
            self._text(chr(number % 0x10000))  # numbers above 32767 are written as negative ones
        else:
            self._text(_SIGNS.get(word) or _QUOTES.get(word, ""))

    def _text(self, text: str) -> None:
        if not self.hidden:
            self.parts.append(text)


def read_rtf(body: bytes) -> Content:
    """The text of an RTF file; a table row is one line `a | b`."""
    reader = _Reader("gb18030" if _CHINESE.search(body) else "cp1252")
    for found in _TOKEN.finditer(body):
        reader.token(found)
    reader.flush()
    # A character beyond the basic plane comes as two halves.
    text = "".join(reader.parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole("rtf", _lines(text))


def _lines(text: str) -> list[str]:
    """Cells end in \\x07; a row ends in \\x07 and a line break."""
    lines: list[str] = []
    for block in re.split(r"(?<=\x07)\x07\n", text):
        before, mark, cells = block.partition("\x07")
        paragraphs = before.split("\n")
        lines += paragraphs[:-1] if mark else paragraphs
        if mark:
            lines.append(row([paragraphs[-1], *cells.split("\x07")[:-1]]))
    return lines
