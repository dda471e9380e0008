"""A source's file: what it may say, and what a wrong one is told."""

from pathlib import Path

import pytest

from crawlers.source import SHIPPED, SourceError, load_source, load_sources
from flows.settings import SettingsError, settings

GOOD = """
title = "云河县水利局"
kind = "government"
columns = ["http://slj.yunhe.gov.example/gzzj/"]
at_least = 3
"""


def write(folder: Path, text: str, name: str = "yunhe_slj.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_with_the_required_keys_is_enough(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    assert (source.name, source.at_least, source.collect) == ("yunhe_slj", 3, True)
    minute, hour, *rest = source.cron.split()
    assert 0 <= int(minute) < 60
    assert 1 <= int(hour) <= 5
    assert rest == ["*", "*", "*"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + 'shedule = "0 4 * * *"', ["yunhe_slj.toml", "'shedule' is not known", "Allowed keys: title"]),
        (GOOD.replace("at_least = 3", ""), ["'at_least' is missing", "required are title, kind"]),
        (GOOD.replace('"government"', '"gov"'), ["'kind'", "'gov'", "'government' or 'sharing'"]),
        (GOOD.replace("http://", "ftp://"), ["columns", "not a web address"]),
        (GOOD + 'schedule = "daily"', ["'schedule'", "five fields"]),
        (GOOD + "delay = -1", ["'delay'", "greater than or equal to 0"]),
        ("title = \n" + GOOD, ["not TOML", "line 1"]),
    ],
)
def test_a_wrong_file_is_told_file_key_and_what_is_allowed(
    tmp_path: Path, text: str, told: list[str]
) -> None:
    with pytest.raises(SourceError) as error:
        load_source(write(tmp_path, text))
    for words in told:
        assert words in str(error.value)


def test_a_wrong_name_and_a_wrong_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a-z, 0-9 and _"):
        load_source(write(tmp_path, GOOD, "Yunhe-SLJ.toml"))
    (tmp_path / "gbk.toml").write_bytes(GOOD.encode("gbk"))
    with pytest.raises(SourceError, match="Save it as UTF-8"):
        load_source(tmp_path / "gbk.toml")


def test_the_users_folder_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    write(first, GOOD)
    write(second, GOOD.replace("云河县水利局", "mine"))
    assert load_sources(first, second)["yunhe_slj"].title == "mine"
    with pytest.raises(SourceError, match="no such folder"):
        load_sources(tmp_path / "missing")


def test_all_shipped_sources_load() -> None:
    for name, source in load_sources(SHIPPED).items():
        assert source.seen_at, f"{name}.toml does not say where its address was seen"
        assert source.collect or source.reason, f"{name}.toml is off without a reason"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[tool.workreports\n", "workreports.toml: cannot be read as TOML: Expected"),
        (
            b"[tool.workreports]\ncontact = '\xff'\n",
            "workreports.toml: cannot be read as TOML: 'utf-8' codec",
        ),
        (b"[tool.workreports]\nprocesses = 'many'\n", r"'processes' \('many'\): .*Settings are home, "),
        (b"[tool.workreports]\npassword = 'hunter2'\n", "setting 'password': Extra inputs are not permitted"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workreports.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=said) as error:
        settings()
    assert "hunter2" not in str(error.value)
