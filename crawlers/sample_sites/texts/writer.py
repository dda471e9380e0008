"""The dice, the bank of sentences and the names that the sections of one report share."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from crawlers.sample_sites.texts.agencies import Agency
from crawlers.sample_sites.texts.slots import fill

Kind = Literal["annual", "half", "plan"]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, of which year, with which dice. The dice are seeded by agency, kind and year."""

    agency: Agency
    kind: Kind
    year: int
    rng: random.Random

    @property
    def topics(self) -> list[dict[str, list[str]]]:
        """The agency's fields of work: heading, done and plan sentences that the year could know."""
        topics: list[dict[str, list[str]]] = _toml(f"banks/{self.agency.sector}.toml")["topic"]
        return [{part: self._known(lines) for part, lines in topic.items()} for topic in topics]

    @property
    def problems(self) -> list[str]:
        """What the agency's reports complain of."""
        problems: list[str] = _toml(f"banks/{self.agency.sector}.toml")["problems"]
        return self._known(problems)

    def _known(self, sentences: list[str]) -> list[str]:
        """Without those that begin with a later year: "@2021 " stands before 双减, for example."""
        known = []
        for sentence in sentences:
            since, _, rest = sentence.partition(" ") if sentence.startswith("@") else ("@0", "", sentence)
            if int(since[1:]) <= self.year:
                known.append(rest)
        return known

    def era(self, year: int) -> dict[str, Any]:
        """What every report of that year speaks of."""
        era: dict[str, Any] = _toml("eras.toml")[str(year)]
        return era

    def say(self, sentence: str) -> str:
        """The sentence with its figures and names."""
        place, place2 = self.rng.sample(self.agency.places, 2)
        direction = self.rng.choice(("增长", "增长", "提高", "下降"))
        names = {
            "place": place,
            "place2": place2,
            "area": self.agency.area,
            "growth": f"同比{direction}{self.rng.randint(11, 149) / 10}%",
            "doc": f"{self.agency.doc_prefix}〔{self.year}〕{self.rng.randint(3, 86)}号",
        }
        return fill(sentence, self.rng, names)

    def in_turn(self, sentences: list[str], count: int) -> list[str]:
        """`count` sentences; next year's report begins one further, so neighbouring years share some."""
        # A half-year report begins elsewhere than the annual one, which would otherwise repeat it.
        start = self.year + (2 if self.kind == "half" else 0)
        return [sentences[(start + step) % len(sentences)] for step in range(min(count, len(sentences)))]


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))
