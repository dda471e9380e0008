"""The dice, the bank of sentences and the names that the sections of one report share."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from crawlers.sample_sites.texts.agencies import Agency
from crawlers.sample_sites.texts.slots import fill

Kind = Literal["annual", "half", "plan"]
Topic = dict[str, list[str]]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, of which year, with which dice. The dice are seeded by agency, kind and year."""

    agency: Agency
    kind: Kind
    year: int
    rng: random.Random

    @property
    def topics(self) -> list[Topic]:
        """The agency's fields of work: heading, done and plan sentences that the year could know, and goals."""
        topics: list[Topic] = _toml(f"banks/{self.agency.sector}.toml")["topic"]
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

    def promised(self, topic: Topic, year: int) -> list[str]:
        """What is promised for that year, if anything: all plans for it and the report on it know the same figures."""
        goals = [fill(goal, self._dice(goal, year), {}) for goal in topic.get("goals", ())]
        return [f"年内{'，'.join(goals)}。"] if goals else []

    def achieved(self, topic: Topic) -> list[str]:
        """What became of this year's promises: about half by June, about all by December."""
        start, low, high = ("上半年", 40, 60) if self.kind == "half" else ("全年", 88, 121)
        dice = self._dice(start, self.year)
        return [
            start
            + re.sub(r"\d+", lambda n: str(round(int(n[0]) * dice.randint(low, high) / 100)), promise[2:])
            for promise in self.promised(topic, self.year)
        ]

    def _dice(self, goal: str, year: int) -> random.Random:
        return random.Random(f"{self.agency.name}/{goal}/{year}")

    def in_turn(self, sentences: list[str], count: int) -> list[str]:
        """`count` sentences; next year's report begins one further, so neighbouring years share some."""
        # A half-year report begins elsewhere than the annual one, which would otherwise repeat it.
        start = self.year + (2 if self.kind == "half" else 0)
        return [sentences[(start + step) % len(sentences)] for step in range(min(count, len(sentences)))]


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text("utf-8"))
