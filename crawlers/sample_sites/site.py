"""What a sample site is made of: entries that a test may add, remove or alter, and the answers it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

EntryKind = Literal["report", "notice", "news"]
AnswerKind = Literal["list", "article", "attachment", "robots", "none"]


@dataclass(frozen=True, slots=True)
class File:
    """A file beside an article."""

    path: str
    caption: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. `copied_from`, `preview_of` and `parts` are addresses of the originals on other sample sites."""

    number: int
    title: str
    published_on: date
    paragraphs: tuple[str, ...]
    kind: EntryKind = "report"
    written_on: date | None = None
    doc_no: str = ""
    publisher: str = ""
    changed_on: date | None = None  # None: as on the day of publication
    files: tuple[File, ...] = ()
    n_reports: int = 1  # a compilation holds several
    copied_from: str | None = None
    preview_of: str | None = None
    parts: tuple[str, ...] = ()
    n_hidden: int = 0  # characters of the whole document that a preview does not show


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked of one host."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says. `changed_on` becomes Last-Modified."""

    body: bytes
    content_type: str
    kind: AnswerKind
    changed_on: date
    status: int = 200


@dataclass(slots=True)
class Site:
    """One invented site. `name` is the name of its source's file."""

    name: str
    host: str
    title: str
    path_of: Callable[[Entry], str]
    respond: Callable[[Site, Request], Answer | None]
    entries: list[Entry]

    def url_of(self, entry: Entry) -> str:
        """The address of an article."""
        return f"http://{self.host}{self.path_of(entry)}"

    def newest_first(self) -> list[Entry]:
        """The entries in the order of the list pages."""
        return sorted(self.entries, key=lambda e: (e.published_on, e.number), reverse=True)

    def last_change(self) -> date:
        """When the list pages changed last."""
        return max((e.changed_on or e.published_on for e in self.entries), default=date(2018, 1, 1))

    def entry_at(self, path: str) -> Entry | None:
        """The article at a path."""
        return next((entry for entry in self.entries if self.path_of(entry) == path), None)

    def file_at(self, path: str) -> tuple[Entry, File] | None:
        """The file at a path, with its article."""
        return next(((e, file) for e in self.entries for file in e.files if file.path == path), None)

    def add(self, entry: Entry) -> None:
        """Publishes an article."""
        self.entries.append(entry)

    def remove(self, number: int) -> None:
        """Takes an article off: its page answers 404 and its row leaves the list."""
        self.entries = [entry for entry in self.entries if entry.number != number]

    def alter(self, number: int, paragraphs: tuple[str, ...], on: date) -> None:
        """Changes the text of an article."""
        self.entries = [
            replace(e, paragraphs=paragraphs, changed_on=on) if e.number == number else e
            for e in self.entries
        ]

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request; None is a 404."""
        if request.path == "/robots.txt":
            body = b"User-agent: *\nDisallow: /admin/\nDisallow: /search\n"
            return Answer(body, "text/plain; charset=utf-8", "robots", date(2018, 1, 1))
        if found := self.file_at(request.path):
            entry, file = found
            return Answer(file.body, file.content_type, "attachment", entry.changed_on or entry.published_on)
        return self.respond(self, request)


def page_of(entries: list[Entry], number: int, size: int) -> list[Entry]:
    """The entries of page 1, 2, … of a list."""
    return entries[(number - 1) * size : number * size]


def n_pages(entries: list[Entry], size: int) -> int:
    """How many list pages there are; an empty list has one."""
    return max(1, -(-len(entries) // size))


def html_list(site: Site, text: str, charset: str = "utf-8") -> Answer:
    """A list page as an answer."""
    return Answer(text.encode(charset), "text/html", "list", site.last_change())


def html_article(entry: Entry, text: str, charset: str = "utf-8") -> Answer:
    """An article as an answer."""
    return Answer(text.encode(charset), "text/html", "article", entry.changed_on or entry.published_on)
