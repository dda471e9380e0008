"""Where the archive lives and how it collects: environment (`WORKREPORTS_*`), then `workreports.toml`, then defaults."""

from __future__ import annotations

import os
from pathlib import Path
from tomllib import TOMLDecodeError

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from archive.warehouse import Home
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
    processes: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="worker processes on this machine"
    )
    runner: str = Field(
        default="processes",
        pattern=r"^(processes|dask|dask:(tcp|tls)://.+)$",
        description="where reextract, deduplicate and tag work: processes, dask (a cluster of this machine), "
        "dask:tcp://HOST:PORT",
    )

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
        return Home(self.home.expanduser().resolve())

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
    # What stands under a key that nobody knows may be a password.
    value = "" if problem["type"] == "extra_forbidden" else f" ({problem['input']!r})"
    return (
        f"setting {key!r}{value}: {problem['msg']}. Settings are {', '.join(Settings.model_fields)}: "
        "environment WORKREPORTS_NAME, or [tool.workreports] in workreports.toml."
    )
