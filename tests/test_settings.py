"""Where the archive lies, as a setting: what is allowed, and that no password gets further than the environment."""

from pathlib import Path

import pytest

from archive.warehouse import Lake
from flows.settings import SettingsError, settings

ADDRESS = "ducklake:postgres:dbname=reports host=db.example user=wr"


def test_a_lake_needs_an_address_and_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert settings().layout().lake is None
    monkeypatch.setenv("WORKREPORTS_ARCHIVE", ADDRESS)
    with pytest.raises(SettingsError, match="WORKREPORTS_ARCHIVE_DATA"):
        settings()
    monkeypatch.setenv("WORKREPORTS_ARCHIVE_DATA", str(tmp_path))
    assert settings().layout().lake == Lake(ADDRESS, tmp_path)


@pytest.mark.parametrize(
    "address", [f"{ADDRESS} password=secret9", "ducklake:postgres:postgresql://wr:secret9@db.example/reports"]
)
def test_a_password_is_refused_and_not_shown(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKREPORTS_ARCHIVE", address)
    monkeypatch.setenv("WORKREPORTS_ARCHIVE_DATA", str(tmp_path))
    with pytest.raises(SettingsError) as refused:
        settings()
    assert "secret9" not in str(refused.value)
