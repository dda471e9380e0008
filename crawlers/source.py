"""Source: all that one site's file (`sources/NAME.toml`) may say."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from archive.printable import printable_url

SHIPPED = Path(__file__).parent / "sources"


class SourceError(ValueError):
    """A source's file cannot be used: the message names file, key and what is allowed."""


class Source(BaseModel):
    """One site. Unknown keys are errors, so that a typing slip never passes for a setting."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")
    title: str = Field(min_length=1)
    kind: Literal["government", "sharing"]
    columns: tuple[str, ...] = Field(min_length=1)
    at_least: int = Field(ge=0, description="reports that a full listing promises; below it the run is red")
    schedule: str | None = Field(
        None, description="cron, Asia/Shanghai; default: daily, minute spread by name"
    )
    family: str | None = None
    body: str | None = Field(None, description="CSS selector of the body, only where detection fails")
    title_filter: str = Field("lexicon", description='"lexicon", "all", or a regular expression')
    region: str | None = Field(None, pattern=r"^\d{6}$", description="GB/T 2260 code")
    publisher: str | None = None
    delay: float | None = Field(None, ge=0, description="seconds between requests to one host")
    max_pages: int | None = Field(None, ge=1, description="list pages a run may read")
    browser: bool = Field(False, description="list pages are drawn by a script: read them in a browser")
    collect: bool = True
    reason: str | None = Field(None, description="why collect = false")
    seen_at: str | None = Field(None, description="where the URL is known from")
    notes: str | None = None

    @field_validator("columns")
    @classmethod
    def _web_addresses(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        for url in columns:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(
                    f"{url!r} is not a web address; write http://host/path/ or https://host/path/"
                )
            if parts.username is not None:
                raise ValueError(
                    "a name and password do not belong into an address: what needs a login is not collected"
                )
        return columns

    @field_validator("schedule")
    @classmethod
    def _five_fields(cls, schedule: str | None) -> str | None:
        if schedule is not None and len(schedule.split()) != 5:
            raise ValueError(f'{schedule!r} is not a cron line; write five fields such as "30 6 * * *"')
        return schedule

    @property
    def cron(self) -> str:
        """The schedule, or once a day between 01:00 and 05:59 at a minute that follows from the name."""
        spread = int(hashlib.blake2b(self.name.encode(), digest_size=4).hexdigest(), 16)
        return self.schedule or f"{spread % 60} {1 + spread // 60 % 5} * * *"


def load_source(path: Path) -> Source:
    """The source in one file.

    Raises:
        SourceError: the file cannot be read, is not TOML, or has a key or value that is not allowed.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error}). Save it as UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not TOML: {error}. Compare with a file of crawlers/sources.") from error
    try:
        return Source(name=path.stem, **data)
    except ValidationError as error:
        raise SourceError(f"{path}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    allowed = ", ".join(name for name in Source.model_fields if name != "name")
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"the key {key!r} is not known. Allowed keys: {allowed}.")
        elif problem["type"] == "missing":
            lines.append(f"the key {key!r} is missing; required are title, kind, columns, at_least.")
        elif key == "name":
            lines.append("the file's name may hold only a-z, 0-9 and _, for example tianmen_wjw.toml.")
        else:
            lines.append(f"the key {key!r} has the value {_shown(problem['input'])}: {problem['msg']}.")
    return " ".join(lines)


def _shown(value: object) -> str:
    """A value as an error may show it: also of a wrong address no password."""
    return repr([printable_url(str(each)) for each in value] if isinstance(value, list) else value)


def load_sources(*folders: Path) -> dict[str, Source]:
    """All sources of the folders by name; where a name stands in several, the last folder wins.

    Raises:
        SourceError: a folder is missing or a file in it cannot be used.
    """
    found: dict[str, Source] = {}
    for folder in folders:
        if not folder.is_dir():
            raise SourceError(
                f"{folder}: no such folder of sources. Set WORKREPORTS_SOURCES to one that exists."
            )
        for path in sorted(folder.glob("*.toml")):
            found[path.stem] = load_source(path)
    return found
