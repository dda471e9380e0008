"""One page in, Reports or a Rejection out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lxml.html import HtmlElement

from archive.models import Attachment, Page, Rejection, Report
from archive.printable import printable_fields
from crawlers.decode import decode
from crawlers.pages.bodies import Body, read_body, without_title
from crawlers.pages.compilations import Part, split, without_preface
from crawlers.pages.document import parse
from crawlers.pages.fields import Fields, Listed, read_fields
from crawlers.pages.follow_ups import collect, may_have_follow_ups
from crawlers.pages.joining import Joined, join
from crawlers.pages.judgements import find_damage, title_matches
from crawlers.pages.rejections import file_kind, reject_answer, reject_menu, reject_notice, reject_topic
from crawlers.pages.rescue import rescue
from crawlers.pages.truncation import find_truncation

# Changed when a rule changes what is read: pages read by another version are due to be read again.
VERSION = "2"

SourceKind = Literal["government", "sharing"]


NOT_LISTED = Listed()


@dataclass(frozen=True, slots=True)
class Guidance:
    """What is known of a page before it is read: from its source's file and from the list that led to it."""

    body_selector: str | None = None
    source_kind: SourceKind | None = None
    listed: Listed = NOT_LISTED
    only_reports: bool = True  # False: any article is read, whatever its title says it is


def read_page(
    page: Page,
    parts: Sequence[Page] = (),
    *,
    body_selector: str | None = None,
    source_kind: SourceKind | None = None,
    list_title: str = "",
    list_date: date | None = None,
) -> list[Report] | Rejection:
    """The reports of a page (several where it is a compilation), or why it holds none. Never raises.

    `parts` are the answers fetched for `follow_ups(page)`, matched by URL. `body_selector` is the CSS selector
    of the source's file, for the rare site where finding the body fails.
    """
    # A sharing site's lists show when a text was uploaded, which says nothing of when it was published.
    listed = Listed(list_title, None if source_kind == "sharing" else list_date)
    return read_with(page, parts, Guidance(body_selector, source_kind, listed))


def read_with(page: Page, parts: Sequence[Page], guidance: Guidance) -> list[Report] | Rejection:
    """The same, with all guidance in one value. Never raises."""
    try:
        found = _read(page, parts, guidance)
    except Exception as error:  # a page must never stop a batch: the reason is kept with the page
        found = Rejection(page.url, "unreadable", f"{type(error).__name__}: {error}"[:300])
    return printable_fields(found) if isinstance(found, Rejection) else [printable_fields(r) for r in found]


def _read(page: Page, parts: Sequence[Page], guidance: Guidance) -> list[Report] | Rejection:
    if page.status < 400 and file_kind(page) in ("pdf", "zip", "doc"):
        return _read_file_as_report(page, guidance)
    refused = reject_answer(page)
    if refused is not None:
        return refused
    html = decode(page.body, page.content_type)
    root, body = _tree_and_body(html, guidance.body_selector)
    if root is None or body is None:
        return reject_notice(page, html, None, "") or Rejection(page.url, "empty", "no text on the page")
    fields = read_fields(root, body, page.url, guidance.listed)
    title = str(fields.values.get("title", ""))
    wanted = collect(root, page.url) if may_have_follow_ups(page.body) else []
    # A title taken from the text itself is still part of the text.
    lines = list(body.lines) if fields.origins.get("title") == "first_line" else without_title(body, title)
    joined = join(wanted, lines, parts, guidance.body_selector, _read_attachment)
    if not joined.attached_text and len(joined.lines) <= len(lines):  # nothing came from elsewhere
        refused = reject_notice(page, html, body, title) or reject_menu(
            page, body, title, bool(joined.attachments)
        )
    if refused is None and guidance.only_reports:
        refused = reject_topic(page, title)
    return refused or _reports(page, body, fields, joined, guidance)


# A document of this size has something to say; a tree with fewer characters than this was not understood.
LONG_SOURCE, SHORT_TEXT = 800, 60


def _tree_and_body(html: str, selector: str | None) -> tuple[HtmlElement | None, Body | None]:
    root = parse(html)
    body = read_body(root, selector) if root is not None else None
    if len(html) >= LONG_SOURCE and (body is None or body.n_page_chars < SHORT_TEXT):
        flat = rescue(html)
        flat_body = read_body(flat) if flat is not None else None
        if flat_body is not None and (body is None or flat_body.n_page_chars > 2 * body.n_page_chars):
            return flat, flat_body
    return root, body


def _reports(
    page: Page, body: Body, fields: Fields, joined: Joined, guidance: Guidance
) -> list[Report] | Rejection:
    lines, is_preface_removed = without_preface(joined.lines)
    title = str(fields.values.get("title", ""))
    parts = split(title, lines)
    truncation = find_truncation((line.text for line in body.page_lines), [line.text for line in lines])
    if truncation is not None and truncation.unit == "pages" and joined.has_continuations:
        truncation = None  # all pages of it were fetched
    whole = Report(
        url=page.url,
        n_parts=len(parts),
        source_kind=guidance.source_kind,
        truncation=truncation,
        is_preface_removed=is_preface_removed or (len(parts) > 1 and parts[0].lines[:1] != tuple(lines[:1])),
        attachments=joined.attachments,
        unknown_labels=fields.unknown_labels,
        **fields.values,
    )
    reports = [
        _report(whole, part, index, joined.attached_text, fields) for index, part in enumerate(parts, 1)
    ]
    if not any(report.text for report in reports):
        return Rejection(page.url, "empty", "no text but the title", title)
    return reports


def _report(whole: Report, part: Part, index: int, attached_text: str, fields: Fields) -> Report:
    own = "\n".join(line.text for line in part.lines)
    text = f"{own}\n{attached_text}".strip() if attached_text else own
    title = whole.title
    if whole.n_parts > 1:
        title = part.title or f"{whole.title}（{index}）"
    origins = dict(fields.origins)
    damage = find_damage(text)
    if damage:
        origins["damage"] = ",".join(damage)
    return replace(
        whole,
        part=index if whole.n_parts > 1 else 0,
        title=title,
        text=text,
        title_matches_text=title_matches(title, text),
        origins=origins,
    )


def _read_file_as_report(page: Page, guidance: Guidance) -> list[Report] | Rejection:
    """A list may link straight to a PDF or Word file: its text is the report, its row names it."""
    attachment = _read_attachment(page, guidance.listed.title)
    if not attachment.text:
        return Rejection(
            page.url, "unreadable", f"{attachment.format}: {attachment.note}", guidance.listed.title
        )
    first = next((line.strip() for line in attachment.text.splitlines() if line.strip()), "")
    title = guidance.listed.title or first[:100]
    return [
        Report(
            url=page.url,
            title=title,
            text=attachment.text,
            published_on=guidance.listed.on,
            source_kind=guidance.source_kind,
            attachments=(attachment,),
            title_matches_text=title_matches(title, attachment.text),
            origins={"title": "list" if guidance.listed.title else "first_line", "text": attachment.format},
        )
    ]


def _read_attachment(page: Page, caption: str) -> Attachment:
    # Imported here: the file formats' libraries take longer to load than most pages take to read.
    from crawlers.pages.attachments import read_attachment

    attachment: Attachment = read_attachment(page, caption)
    return attachment
