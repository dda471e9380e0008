"""The fields of a report, each with where its value came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lxml.html import HtmlElement

from crawlers.pages.bodies import Body
from crawlers.pages.dates import date_in_path, parse_date, signature_date
from crawlers.pages.labels import Labels, read_labels, read_meta
from crawlers.pages.lines import Line, clean
from crawlers.pages.numbers import as_doc_no, as_index_no, doc_no_in_head
from crawlers.pages.titles import TitleEvidence, choose_title, joined, visible_titles


@dataclass(slots=True)
class Fields:
    """Values for the fields of a Report, and their origins."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    unknown_labels: tuple[str, ...] = ()

    def put(self, name: str, value: Any, origin: str) -> None:
        """Keep a value unless it is empty or the field has one."""
        if value and name not in self.values:
            self.values[name] = value
            self.origins[name] = origin


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list page said of the report that it linked to."""

    title: str = ""
    on: date | None = None


def read_fields(root: HtmlElement, body: Body, url: str, listed: Listed) -> Fields:
    """All fields that page, URL and list row give."""
    meta = read_meta(root.iter("meta"))
    before, after = _around_body(body)
    labels = read_labels([*before, *_head_of_body(body)])
    later = read_labels(after)
    published_later = later.values.pop("published_on", "")  # under a text stand the dates of comments too
    labels.add_missing(later)
    fields = Fields(unknown_labels=tuple(labels.unknown))
    _put_title(fields, root, body, meta, labels, listed)
    _put_dates(fields, body, meta, labels)
    fields.put("published_on", parse_date(published_later), "label")
    fields.put("published_on", listed.on, "list")
    fields.put("published_on", date_in_path(url), "path")
    _put_publisher(fields, meta, labels)
    _put_numbers(fields, body, meta, labels)
    _put_rest(fields, meta, labels)
    return fields


def _around_body(body: Body) -> tuple[list[Line], list[Line]]:
    """The page's lines before the body begins, and those outside it from then on."""
    start = next((i for i, line in enumerate(body.page_lines) if line.in_body), len(body.page_lines))
    return list(body.page_lines[:start]), [line for line in body.page_lines[start:] if not line.in_body]


def _head_of_body(body: Body) -> list[Line]:
    """Where the container also holds title and dates, they are at its top."""
    return [line for line in body.page_lines if line.in_body][:12]


def _put_title(
    fields: Fields,
    root: HtmlElement,
    body: Body,
    meta: Mapping[str, tuple[str, str]],
    labels: Labels,
    listed: Listed,
) -> None:
    element = next(root.iter("title"), None)
    document = clean("".join(element.itertext())) if element is not None else ""
    named = [meta[name][0] for name in ("site_name", "column_name") if name in meta]
    head = [line for line in _around_body(body)[0] if not line.is_linked]
    evidence = TitleEvidence(
        meta=meta.get("title", ("", ""))[0],
        labelled=labels.values.get("title", ""),
        document=document,
        visible=tuple(visible_titles(root, body.element)),
        head_lines=joined(head[-40:]),
        lines_above=tuple(line.text for line in head[-4:]),
        body_lines=joined(_head_of_body(body)[:6]),
        listed=listed.title,
        not_titles=tuple(named),
    )
    title = choose_title(evidence)
    fields.put("title", title.text, title.origin)


def _put_dates(fields: Fields, body: Body, meta: Mapping[str, tuple[str, str]], labels: Labels) -> None:
    for name in ("published_on", "written_on"):
        if name in labels.values:
            fields.put(name, parse_date(labels.values[name]), labels.origins[name])
    if "published_on" in meta:
        value, tag = meta["published_on"]
        fields.put("published_on", parse_date(value), f"meta:{tag}")
    fields.put("published_on", _date_beside_title(body), "line")
    fields.put("written_on", signature_date([line.text for line in body.lines]), "signature")


_ONLY_A_DATE = re.compile(
    r"\D{0,30}(?:19|20)\d{2}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:\D.{0,60})?"
)


def _date_beside_title(body: Body) -> date | None:
    """A date without a label on a short line close before the body, or at its top before the text begins."""
    head = [line.text for line in _around_body(body)[0]]
    top = [] if body.method == "editor" else [line.text for line in _head_of_body(body)[:4]]
    for text in [*reversed(head[-8:]), *top]:
        if len(text) <= 110 and _ONLY_A_DATE.fullmatch(text) and "今天" not in text and "©" not in text:
            found = parse_date(text)
            if found:
                return found
    return None


# Said of a text that comes from nowhere in particular.
_NO_PUBLISHER = re.compile(
    r"(?:本站|网络|互联网|网友|未知|不详|原创|转载|佚名|本网|无|admin|管理员)(?:整理|收集|转载|原创|投稿|上传|提供|分享)*",
    re.IGNORECASE,
)
# People and figures that follow a source without a space.
_NEXT_LABEL = re.compile(
    r"(?:供稿|撰稿|值班编辑|责任编辑|编辑|作者|摄影|记者|通讯员|审核|浏览|点击|阅读)[^:：]{0,4}[:：]"
)
_ORGANISATION = re.compile(r"[^\s，。；！？]{2,60}")


def as_publisher(value: str) -> str | None:
    """The first organisation of a stated source, or None where it names nobody.

    >>> as_publisher("某市卫生健康委员会 作者：管理员"), as_publisher("网络整理")
    ('某市卫生健康委员会', None)
    """
    first = _ORGANISATION.match(_NEXT_LABEL.split(value.strip())[0])
    if first is None or _NO_PUBLISHER.fullmatch(first.group()) or first.group().isascii():
        return None
    return first.group()


def _put_publisher(fields: Fields, meta: Mapping[str, tuple[str, str]], labels: Labels) -> None:
    stated = labels.values.get("source_line") or meta.get("source_line", ("", ""))[0]
    fields.put("source_line", stated, labels.origins.get("source_line", "meta"))
    for name in ("publisher", "source_line"):
        if name in labels.values:
            fields.put("publisher", as_publisher(labels.values[name]), labels.origins[name])
    if "source_line" in meta:
        value, tag = meta["source_line"]
        fields.put("publisher", as_publisher(value), f"meta:{tag}")


def _put_numbers(fields: Fields, body: Body, meta: Mapping[str, tuple[str, str]], labels: Labels) -> None:
    readers = {"index_no": as_index_no, "doc_no": as_doc_no}
    for name, read in readers.items():
        if name in labels.values:
            fields.put(name, read(labels.values[name]), labels.origins[name])
        if name in meta:
            fields.put(name, read(meta[name][0]), f"meta:{meta[name][1]}")
    fields.put("doc_no", doc_no_in_head([line.text for line in body.lines]), "head")


def _put_rest(fields: Fields, meta: Mapping[str, tuple[str, str]], labels: Labels) -> None:
    for name in ("category", "validity", "site_id_code", "site_name", "column_name"):
        if name in labels.values:
            fields.put(name, labels.values[name][:100], labels.origins[name])
        if name in meta:
            fields.put(name, meta[name][0][:100], f"meta:{meta[name][1]}")
    stated = labels.values.get("keywords") or meta.get("keywords", ("", ""))[0]
    fields.put("keywords", _keywords(stated), labels.origins.get("keywords", "meta:keywords"))


def _keywords(value: str) -> tuple[str, ...]:
    parts: Sequence[str] = re.split(r"[\s,，;；、|]+", value)
    return tuple(part for part in parts if 2 <= len(part) <= 30)[:20]
