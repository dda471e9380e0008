"""Where the archive lives and how it collects: environment (`WORKREPORTS_*`), then `workreports.toml`, then defaults."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from archive.warehouse import Home, Lake
from crawlers.source import SHIPPED, Source, SourceError, load_sources


class SettingsError(ValueError):
    """A setting cannot be used: the message names it and what is allowed."""


class Settings(BaseSettings):
    """All that a user may set. The defaults need none of it."""

    model_config = SettingsConfigDict(
        env_prefix="WORKREPORTS_",
        toml_file="workreports.toml",
        toml_table_header=("tool", "workreports"),
        extra="forbid",
    )

    home: Path = Field(default_factory=Path.cwd, description="folder of warehouse.duckdb and landing/")
    sources: Path | None = Field(
        default=None, description="your own sources/*.toml; same names win over the shipped ones"
    )
    shipped: bool = Field(default=True, description="whether the sources that come with the project are used")
    contact: str | None = Field(
        default=None, description="mail address or page shown to the sites in the User-Agent"
    )
    allow: str = Field(
        default="", description="host:port,… that may be crawled although their addresses are private"
    )
    browser: Path | None = Field(
        default=None, description="chromium, for sources with browser = true; default: the one on the PATH"
    )
    notify: str | None = Field(
        default=None, description="where alarms go: a webhook's address, or a Prefect block as type-slug/name"
    )
    archive: str = Field(
        default="warehouse",
        description="where the archive's tables lie: warehouse (a file in home), or ducklake:postgres:dbname=… host=…",
    )
    archive_data: Path | None = Field(
        default=None, description="folder of a lake's Parquet files, which every machine must reach"
    )
    processes: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="worker processes on this machine"
    )
    runner: str = Field(
        default="processes",
        pattern=r"^(processes|dask|dask:(tcp|tls)://.+)$",
        description="where reextract, deduplicate and tag work: processes, dask (a cluster of this machine), "
        "dask:tcp://HOST:PORT",
    )

    @model_validator(mode="after")
    def _lake_is_whole(self) -> Settings:
        if self.archive != "warehouse":
            lake(self.archive, self.archive_data)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; no .env files and no secrets folder."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    def layout(self) -> Home:
        """The places of the archive's files."""
        of = None if self.archive == "warehouse" else lake(self.archive, self.archive_data)
        return Home(self.home.expanduser().resolve(), of)

    def catalogue(self) -> dict[str, Source]:
        """All sources by name: shipped ones, then the user's own."""
        folders = [SHIPPED] if self.shipped else []
        return load_sources(*folders, *([] if self.sources is None else [self.sources]))

    def source(self, name: str) -> Source:
        """One source by name.

        Raises:
            SourceError: there is no such source.
        """
        known = self.catalogue()
        if name not in known:
            raise SourceError(
                f"no source is called {name!r}. `workreports sources list` shows the {len(known)} there are."
            )
        return known[name]


def lake(archive: str, data: Path | None) -> Lake:
    """The lake that a setting means.

    Raises:
        ValueError: it is none that can be used.
    """
    if not re.fullmatch(r"ducklake:postgres:(\w+=\S+ ?)+", archive):
        raise ValueError("archive: write warehouse, or ducklake:postgres:dbname=NAME host=NAME user=NAME")
    if re.search(r"pass", archive):
        raise ValueError(
            "archive: keep the password in PGPASSWORD or ~/.pgpass, where no log and no file of ours shows it"
        )
    if data is None:
        raise ValueError(
            "archive_data: name the folder of the lake's Parquet files as well: WORKREPORTS_ARCHIVE_DATA"
        )
    return Lake(archive.strip(), data.expanduser().resolve())


def settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: the file cannot be read, a value is not allowed or a key is not known.
    """
    try:
        return Settings()
    except (OSError, UnicodeDecodeError, TOMLDecodeError) as error:
        raise SettingsError(
            f"{Path('workreports.toml').resolve()}: cannot be read as TOML: {error}. Write a line [tool.workreports] and "
            "below it lines such as contact = 'a@b.example', saved as UTF-8."
        ) from error
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    key = ".".join(map(str, problem["loc"]))
    # What stands under a key that nobody knows may be a password; so may what concerns several settings, which has no key.
    is_shown = bool(key) and problem["type"] != "extra_forbidden"
    said = f"setting {key!r}" + (f" ({problem['input']!r})" if is_shown else "") if key else "settings"
    return (
        f"{said}: {problem['msg']}. Settings are {', '.join(Settings.model_fields)}: "
        "environment WORKREPORTS_NAME, or [tool.workreports] in workreports.toml."
    )
