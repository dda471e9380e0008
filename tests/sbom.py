"""What the program is made of: every library it installs, with version and licence, as CycloneDX (ECMA-424).

python -m tests.sbom        # writes docs/sbom.json from what is installed here
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "work-report-archive"
FILE = Path(__file__).parent.parent / "docs" / "sbom.json"
# A licence is named by its expression (PEP 639), else by its one classifier, else by the old free text.
_CLASSIFIER = "License :: OSI Approved :: "
LONGEST_NAME = 60


@dataclass(frozen=True)
class Component:
    """One library; `needs` are the names of those that it needs itself."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def components() -> list[Component]:
    """All libraries that the program needs, by name."""
    found: dict[str, Component] = {}
    waiting = [(PROJECT, frozenset[str]())]
    done = set[tuple[str, frozenset[str]]]()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in done:
            continue
        done.add((name, extras))
        needed = list(_needed(distribution(name), extras))
        waiting += needed
        names = {each for each, _ in needed} | set(found[name].needs if name in found else ())
        found[name] = _component(name, distribution(name), tuple(sorted(names)))
    return [found[name] for name in sorted(found)]


def _needed(installed: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in installed.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield canonicalize_name(wanted.name), frozenset(wanted.extras)


def _component(name: str, installed: Distribution, needs: tuple[str, ...]) -> Component:
    said = installed.metadata
    classifiers = [line for line in said.get_all("Classifier") or () if line.startswith(_CLASSIFIER)]
    written = " ".join((said.get("License") or "").split())
    named = [line.removeprefix(_CLASSIFIER) for line in classifiers]
    if expression := said.get("License-Expression"):
        licence = expression
    elif len(named) == 1 or not 0 < len(written) <= LONGEST_NAME:
        licence = " AND ".join(named) or written[:LONGEST_NAME]
    else:
        licence = written  # several classifiers do not say whether all hold or one may be chosen
    return Component(name, installed.version, licence, needs)


def is_copyleft(licence: str) -> bool:
    """Whether a licence asks that programs which use the library are under it too; the LGPL does not.

    >>> [is_copyleft(name) for name in ("GPL-3.0-only", "GNU Affero General Public License v3", "LGPL-2.1-or-later")]
    [True, True, False]
    >>> is_copyleft("GPL-2.0-only OR MIT")
    False
    """
    choices = re.split(r"\bOR\b", licence)
    return all(re.search(r"(?<!L)\bA?GPL|(?<!Lesser )General Public|Affero", choice) for choice in choices)


def bom() -> dict[str, object]:
    """The list of parts. Without time and serial number: the same libraries give the same file."""
    parts = components()
    own = next(part for part in parts if part.name == PROJECT)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _part(own, "application")},
        "components": [_part(part, "library") for part in parts if part is not own],
        "dependencies": [
            {"ref": _ref(part), "dependsOn": [_ref(other) for other in parts if other.name in part.needs]}
            for part in parts
        ],
    }


def _part(part: Component, kind: str) -> dict[str, object]:
    licences = [{"license": {"name": part.licence}}]
    return {
        "type": kind,
        "bom-ref": _ref(part),
        "name": part.name,
        "version": part.version,
        "purl": _ref(part),
        "licenses": licences,
    }


def _ref(part: Component) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def text() -> str:
    """The file's content."""
    return json.dumps(bom(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    print(f"{FILE}: {len(components())} parts")
