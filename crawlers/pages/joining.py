"""A report spread over several answers: further pages, frames and attachments put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.models import Attachment, FollowUp, Page
from crawlers.decode import decode
from crawlers.pages.bodies import Body, read_body
from crawlers.pages.document import parse
from crawlers.pages.lines import Line

# A page whose own text is shorter than this is the cover of its frame or its attachment ("请见附件").
THIN_TEXT = 200


@dataclass(frozen=True, slots=True)
class Joined:
    """The lines of the whole report, its attachments, and the text that only attachments hold."""

    lines: tuple[Line, ...]
    attachments: tuple[Attachment, ...]
    attached_text: str
    has_continuations: bool


def join(
    wanted: Sequence[FollowUp],
    lines: Sequence[Line],
    parts: Sequence[Page],
    selector: str | None,
    read_file: Callable[[Page, str], Attachment],
) -> Joined:
    """Put a page's lines together with what was fetched for it; parts are matched by URL, in the page's order."""
    fetched = {part.url: part for part in parts}
    whole = list(lines)
    n_continued = 0
    for follow in wanted:
        part = fetched.get(follow.url)
        if part is None or follow.kind == "attachment":
            continue
        if follow.kind == "frame" and _n_chars(whole) >= THIN_TEXT:
            continue
        body = _read(part, selector)
        if body is not None:
            whole = _append(whole, body.lines)
            n_continued += follow.kind == "continuation"
    attachments = tuple(
        _attachment(follow, fetched, read_file) for follow in wanted if follow.kind == "attachment"
    )
    text = "\n".join(each.text for each in attachments if each.text) if _n_chars(whole) < THIN_TEXT else ""
    return Joined(tuple(whole), attachments, text, n_continued > 0)


def _read(part: Page, selector: str | None) -> Body | None:
    root = parse(decode(part.body, part.content_type))
    return read_body(root, selector) if root is not None else None


def _append(lines: list[Line], more: Sequence[Line]) -> list[Line]:
    """Further pages repeat the title above their text; a line already at the top is not repeated."""
    top = {line.text for line in lines[:3]}
    rest = list(more)
    while rest and rest[0].text in top:
        rest.pop(0)
    return lines + rest


def _attachment(
    follow: FollowUp, fetched: dict[str, Page], read_file: Callable[[Page, str], Attachment]
) -> Attachment:
    part = fetched.get(follow.url)
    if part is None:
        extension = follow.url.partition("?")[0].rpartition(".")[2].lower()
        return Attachment(
            follow.url, follow.caption, extension if len(extension) <= 5 else "", note="not_fetched"
        )
    return read_file(part, follow.caption)


def _n_chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)
