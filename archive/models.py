"""The vocabulary: every value that passes between the rooms of this project. Read it first.

The data's way, one type per arrow:

    Source -> ListRequest -> ListPage -> Capture (bytes in a WARC) -> Page -> Report | Rejection
    Report -> Tag, Section, Indicator, Citation, Fingerprint -> Reading -> Batch -> rows of the warehouse

Suffixes: `_on` a date, `_at` an aware UTC timestamp, `_no` an identifier, `is_`/`has_` a boolean, `_ratio` 0-1,
`n_` a count. Spans are half-open [start, end) in characters of the named field, so `text[start:end]` is the
evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any, Literal


@cache
def values_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of a dataclass of this kind, which has several fields, in their order."""
    return attrgetter(*(each.name for each in fields(kind)))


class _Packed:
    """Pickled as its class and its values: left to themselves dataclasses with slots do it field by field, in Python."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return kind, values_of(kind)(self)


# ---------------------------------------------------------------- list pages (栏目)

Verdict = Literal["ok", "end", "empty", "repeated", "refused", "stub", "unreadable"]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """One request for a list page. `state` is the family's own memory (page number, totals): plain JSON values."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    family: str | None = None  # None until detection has read the first page
    state: Mapping[str, Any] = field(default_factory=dict)
    page_no: int = 1


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list page: a link that may be a report. `url` is absolute; `date` is the date shown in the row."""

    url: str
    title: str
    date: date | None = None
    is_pinned: bool = False  # 置顶: stays on top whatever its date


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one list page says: its rows, newest first as shown, and the requests that lead on.

    `verdict`: ok (rows found) | end (the family proves that the list ends here) | and the alarms: empty (no rows
    where there must be some), repeated, refused (`success:false`, error envelope), stub (too small to be a list),
    unreadable. An alarm is never "finished".
    """

    family: str
    rows: tuple[ListRow, ...]
    next: tuple[ListRequest, ...] = ()
    verdict: Verdict = "ok"
    detail: str = ""
    n_pages: int | None = None
    n_rows_total: int | None = None


# ---------------------------------------------------------------- what a crawl fetched

Outcome = Literal["ok", "unchanged", "gone", "blocked", "error", "too_large", "robots", "refused"]
CaptureKind = Literal["list", "report", "attachment", "continuation", "frame"]


@dataclass(frozen=True, slots=True)
class Capture(_Packed):
    """One fetch, as the crawl log tells it. `warc_file` is relative to the landing folder of its run."""

    run_id: str
    source: str
    url: str
    kind: CaptureKind
    status: int | None  # HTTP status; None where no answer came
    outcome: Outcome
    fetched_at: datetime
    detail: str = ""  # why, for every outcome but ok; "drawn": a list page as a browser showed it
    final_url: str | None = None  # after redirects
    parent_url: str | None = None  # the report page that an attachment, continuation or frame belongs to
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None  # sha256 hex of the body after content decoding
    n_bytes: int = 0
    warc_file: str | None = None
    warc_offset: int | None = None
    list_title: str | None = None  # the row that led here
    list_date: date | None = None


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row seen on a list page and what was decided about it."""

    run_id: str
    source: str
    column_url: str
    url: str
    title: str
    date: date | None
    page_no: int
    decision: Literal["fetch", "known", "filtered", "before_since", "outside", "budget"]
    reason: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """One source, one run: what was promised and what came. `state`: running | done | red | crashed."""

    run_id: str
    source: str
    started_at: datetime
    ended_at: datetime | None = None
    state: Literal["running", "done", "red", "crashed"] = "running"
    stop_reason: str = ""
    end_reached: bool = False
    pages_listed: int = 0
    rows_seen: int = 0
    rows_new: int = 0
    rows_known: int = 0
    rows_filtered: int = 0
    n_fetched: int = 0
    n_unchanged: int = 0
    n_gone: int = 0
    n_blocked: int = 0
    n_errors: int = 0
    n_bytes: int = 0
    n_reports: int = 0
    n_new_reports: int = 0
    n_rejected: int = 0
    n_read: int = (
        0  # reports read in this run; below, how many of them had what, for noticing a changed layout
    )
    n_dated: int = 0
    n_with_publisher: int = 0
    n_chars: int = 0
    family: str = ""
    message: str = ""
    flow_run_id: str | None = None
    flow_run_url: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as saved: what the reader of pages gets. `body` is after content decoding, before charset decoding."""

    url: str
    body: bytes
    content_type: str = ""
    status: int = 200
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A link on a report page that must be fetched to have the whole report."""

    url: str
    kind: Literal["attachment", "continuation", "frame"]
    caption: str = ""


# ---------------------------------------------------------------- reports


@dataclass(frozen=True, slots=True)
class Attachment(_Packed):
    """A file that belongs to a report. `text` is None where it could not be read; `note` then says why."""

    url: str
    caption: str
    format: str  # pdf, docx, doc, wps, xlsx, ofd, zip …
    text: str | None = None
    note: str = ""  # "", needs_ocr, encrypted, unreadable, not_fetched, too_large, tool_missing: NAME
    n_bytes: int = 0
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Truncation(_Packed):
    """What a page says about how much of a document it shows; sizes in characters or pages as the page gives them."""

    cue: str  # the words on the page that say so
    shown: int | None = None
    total: int | None = None
    unit: Literal["chars", "pages", ""] = ""
    cut_mid_sentence: bool = False


@dataclass(frozen=True, slots=True)
class Report(_Packed):
    """One work report as read from one page (or one part of a page that holds several: part 1, 2, …)."""

    url: str = ""
    part: int = 0  # 0: the page is one report; 1..n: constituent of a compilation
    n_parts: int = 1
    title: str = ""
    text: str = ""
    published_on: date | None = None  # 发布日期
    written_on: date | None = None  # 成文日期/发文日期/落款
    publisher: str | None = None  # 发布机构
    source_line: str | None = None  # 来源
    index_no: str | None = None  # 索引号
    doc_no: str | None = None  # 文号/发文字号
    category: str | None = None  # 分类/主题分类
    validity: str | None = None  # 效力状态
    keywords: tuple[str, ...] = ()
    site_id_code: str | None = None  # 网站标识码
    site_name: str | None = None
    column_name: str | None = None  # 栏目
    source_kind: Literal["government", "sharing"] | None = None  # what the source's file says of the site
    truncation: Truncation | None = None
    is_preface_removed: bool = False
    title_matches_text: bool = True
    attachments: tuple[Attachment, ...] = ()
    # field name -> where its value came from: "meta:ArticleTitle", "table:索引号", "label:发布时间", "h1", "path", "list" …
    origins: Mapping[str, str] = field(default_factory=dict)
    unknown_labels: tuple[str, ...] = ()


# The reason of a rejection where the archived answer itself cannot be read any more.
LOST = "lost"


@dataclass(frozen=True, slots=True)
class Rejection(_Packed):
    """A page that is not a report. `reason` is one word for counting, `detail` the evidence for a person."""

    url: str
    reason: str  # menu, notice, news, error_page, challenge, login, soft_404, empty, unreadable, not_html, …
    detail: str = ""
    title: str = ""


def report_id(url: str, part: int = 0) -> str:
    """The stable name of a report: 16 hex digits of its normalised URL and part.

    >>> report_id("http://a.example/1.html") == report_id("http://a.example/1.html", 0)
    True
    >>> report_id("http://a.example/1.html", 1) == report_id("http://a.example/1.html")
    False
    """
    return hashlib.blake2b(f"{url}#{part}".encode(), digest_size=8).hexdigest()


def text_digest(text: str) -> str:
    """The name of one version of a text: 32 hex digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ---------------------------------------------------------------- what is derived from a report


@dataclass(frozen=True, slots=True)
class Tag(_Packed):
    """One value of one tag, with its evidence. A set-valued tag is several Tags of one name."""

    name: str
    value: str | int | float | bool
    confidence: float  # 0-1
    method: str  # the rule that found it, in a word or two
    field: str = "text"  # the Report field that the span counts in
    start: int | None = None
    end: int | None = None
    detail: str = ""  # candidates, cues, what a person would want to see


@dataclass(frozen=True, slots=True)
class Section(_Packed):
    """One heading of the outline and what stands under it. `parent` is the ordinal of the section above, or None."""

    ordinal: int  # 0, 1, 2 … in reading order
    level: int  # 1 is the top
    label: str  # 一、 （一） 1. …
    title: str
    is_run_in: bool  # the heading is the first sentence of a paragraph
    parent: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Indicator(_Packed):
    """One numeric fact: 每千人口床位数 7.12 张."""

    name: str
    value: float  # in the base unit, 万 and 亿 resolved
    unit: str
    start: int
    end: int
    value_high: float | None = None  # end of a range
    qualifier: str | None = None  # 约, 以上, 超过 …
    comparison: str | None = None  # 同比增长, 低于 …
    base: str | None = None  # what it is compared with
    period: str | None = None
    modality: Literal["actual", "target", "estimate"] = "actual"
    section: int | None = None  # ordinal of the section
    method: str = "rule"
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Citation(_Packed):
    """A document that the text cites, by 文号 or by 《title》."""

    kind: Literal["doc_no", "title"]
    value: str  # normalised: 湖卫健发〔2023〕1号, or the title without 《》
    start: int
    end: int
    year: int | None = None
    method: str = "rule"
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class Tagged(_Packed):
    """Everything that the rules say of one report."""

    tags: tuple[Tag, ...] = ()
    sections: tuple[Section, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    citations: tuple[Citation, ...] = ()


# ---------------------------------------------------------------- duplicates

RelationKind = Literal["same", "contains", "part_of", "edition", "overlaps"]


@dataclass(frozen=True, slots=True)
class Relation:
    """How text a stands to text b: a is the same as b | contains b | is part of b | is an edition of b | overlaps b."""

    relation: RelationKind
    similarity: float  # 0-1, mean coverage
    coverage_a: float  # share of a found in b
    coverage_b: float
    n_figures_agree: int = 0
    n_figures_conflict: int = 0
    spans: tuple[
        tuple[int, int, int, int], ...
    ] = ()  # (start_a, end_a, start_b, end_b) in characters of the texts
    verbatim_a: float = (
        0.0  # share of a's runs of six characters that stand in b unchanged: low where words were swapped
    )
    verbatim_b: float = 0.0
    rewritten_ratio: float = 0.0  # share of the common stretch whose words the other text replaced by its own


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A relation between two archived reports; `a` < `b` by name, so a pair is stored once."""

    a: str
    b: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """A report and the canonical report of its family. `reason` says why that one is canonical."""

    report_id: str
    canonical_id: str
    reason: str = ""
    adds: str = ""  # what this member has that others lack: full text, real figures …


# ---------------------------------------------------------------- what is loaded


@dataclass(frozen=True, slots=True)
class Reading(_Packed):
    """One report read from one capture, with all that was derived from it."""

    report: Report
    capture: Capture
    tagged: Tagged
    fingerprint: tuple[int, ...]  # sampled 64-bit shingle hashes
    extractor_version: str
    rules_version: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction loads. `key` names it in the ledger: a key is loaded once, whatever happens."""

    key: str
    captures: tuple[Capture, ...] = ()
    listed: tuple[ListedRow, ...] = ()
    readings: tuple[Reading, ...] = ()
    rejections: tuple[tuple[Capture, Rejection], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed. Report ids; `changed` are new versions of known reports."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    n_rejected: int = 0
    was_loaded_before: bool = False


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the archive knows of a URL before a crawl: enough to decide whether, and how, to ask for it again."""

    url: str
    digest: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    next_due_at: datetime | None = None
    is_gone: bool = False
    is_forgotten: bool = False  # removed on request: never to be asked for again


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed on request and must not be in the archive: addresses of report pages, names of sources."""

    urls: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> Forgotten:
        """Addresses begin with http; a source's name cannot.

        >>> Forgotten.of(["http://a.example/1.html", "yunhe_wjw"]).sources
        frozenset({'yunhe_wjw'})
        """
        given = frozenset(names)
        urls = frozenset(name for name in given if name.startswith(("http://", "https://")))
        return cls(urls, given - urls)
