"""The list of parts is what is installed, and no part asks for more than this program's licence gives."""

import json
import re
import sys

import pytest

from tests.sbom import FILE, PROJECT, components, is_copyleft, text


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="other releases of Python need other libraries")
def test_the_list_of_parts_is_as_installed() -> None:
    assert FILE.read_text("utf-8") == text(), "run python -m tests.sbom after a change of dependencies"
    said = json.loads(text())
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    names = [part["name"] for part in said["components"]]
    assert len(names) == len(set(names)) > 100 and {"duckdb", "prefect", "scrapy"} <= set(names)
    assert not re.search(r"https?://|index-url", text())


def test_every_licence_is_known_and_none_is_copyleft() -> None:
    licences = {part.name: part.licence for part in components()}
    assert [name for name, licence in licences.items() if licence in ("", "UNKNOWN")] == []
    assert {name: licence for name, licence in licences.items() if is_copyleft(licence)} == {}
    assert licences[PROJECT] == "Apache-2.0"
