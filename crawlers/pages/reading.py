"""One page in, Reports or a Rejection out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from archive.models import Page, Rejection, Report
from crawlers.decode import decode
from crawlers.pages.bodies import read_body, without_title
from crawlers.pages.document import parse
from crawlers.pages.fields import Listed, read_fields

# Changed when a rule changes what is read: pages read by another version are due to be read again.
VERSION = "1"

SourceKind = Literal["government", "sharing"]


def read_page(
    page: Page,
    parts: Sequence[Page] = (),
    *,
    body_selector: str | None = None,
    source_kind: SourceKind | None = None,
    list_title: str = "",
    list_date: date | None = None,
) -> list[Report] | Rejection:
    """The reports of a page (several where it is a compilation), or why it holds none. Never raises."""
    try:
        root = parse(decode(page.body, page.content_type))
        body = read_body(root, body_selector) if root is not None else None
        if root is None or body is None or not body.lines:
            return Rejection(page.url, "empty", "no text on the page")
        fields = read_fields(root, body, page.url, Listed(list_title, list_date))
        lines = without_title(body, fields.values.get("title", ""))
        text = "\n".join(line.text for line in lines)
        report = Report(url=page.url, text=text, source_kind=source_kind)
        return [
            replace(report, **fields.values, origins=fields.origins, unknown_labels=fields.unknown_labels)
        ]
    except Exception as error:  # a page must never stop a batch: the reason is kept with the page
        return Rejection(page.url, "unreadable", f"{type(error).__name__}: {error}")
