"""Scores whole rows of indicators: indicators.py FOLDER/indicators_seeds.jsonl [--worst N].

A line of the gold is {text, facts: [{value, unit, name, comp}]}. A found row is right when its value and unit are
equal, its name and gold's agree (one contains the other, blanks and quotes apart) and its comparison says the same
(one contains the other: 增长 and 同比增长). Each gold row is matched by at most one found row. Prints counts,
precision, recall and F1, of whole rows and of each part.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from archive.indicators import indicators
from archive.models import Indicator, Report

_NOISE = re.compile(r"[\s“”\"‘’、的()（）]")


def same_name(found: str, gold: str) -> bool:
    """One name contains the other; a single character contains nothing."""
    a, b = _NOISE.sub("", found), _NOISE.sub("", gold)
    return a == b or (min(len(a), len(b)) > 1 and (a in b or b in a))


def same_comparison(found: str | None, gold: str | None) -> bool:
    """Both none, or one contains the other."""
    if not found or not gold:
        return not found and not gold
    return found in gold or gold in found


def same_figure(found: Indicator, fact: dict[str, Any]) -> bool:
    """Value and unit are equal."""
    gold = float(fact["value"])
    return abs(found.value - gold) <= 1e-6 * max(1.0, abs(gold)) and found.unit == str(fact["unit"])


def is_right(found: Indicator, fact: dict[str, Any], parts: Iterable[str]) -> bool:
    """Whether a found row agrees with a gold row in the parts asked for."""
    checks = {
        "figure": lambda: same_figure(found, fact),
        "name": lambda: same_name(found.name, fact["name"]),
        "comparison": lambda: same_comparison(found.comparison, fact.get("comp")),
    }
    return all(checks[part]() for part in parts)


def matched(found: list[Indicator], facts: list[dict[str, Any]], parts: Iterable[str]) -> int:
    """How many gold rows are found, each found row used once, in reading order."""
    left = list(found)
    n = 0
    for fact in facts:
        hit = next((row for row in left if is_right(row, fact, parts)), None)
        if hit is not None:
            left.remove(hit)
            n += 1
    return n


def f1(n_right: int, n_found: int, n_gold: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * n_right / (n_found + n_gold) if n_found + n_gold else 1.0


def score(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts and figures over all passages, for whole rows and for each part with the figure."""
    found = [list(indicators(Report(text=row["text"]))) for row in rows]
    n_found, n_gold = sum(map(len, found)), sum(len(row["facts"]) for row in rows)
    result: dict[str, Any] = {"passages": len(rows), "gold": n_gold, "found": n_found}
    for label, parts in (
        ("figure", ["figure"]),
        ("name", ["figure", "name"]),
        ("comparison", ["figure", "comparison"]),
        ("whole", ["figure", "name", "comparison"]),
    ):
        n = sum(matched(f, row["facts"], parts) for f, row in zip(found, rows, strict=True))
        result[label] = {
            "precision": round(n / max(1, n_found), 4),
            "recall": round(n / max(1, n_gold), 4),
            "f1": round(f1(n, n_found, n_gold), 4),
        }
    return result


def wrong_rows(row: dict[str, Any]) -> list[str]:
    """The rows of one passage that do not agree, missing (-) and surplus (+), for a person to read."""
    parts = ("figure", "name", "comparison")
    left = list(indicators(Report(text=row["text"])))
    lines = []
    for fact in row["facts"]:
        hit = next((found for found in left if is_right(found, fact, parts)), None)
        if hit is None:
            lines.append(f"  - {fact['value']}{fact['unit']} {fact['name']} {fact.get('comp') or ''}")
        else:
            left.remove(hit)
    return lines + [f"  + {found.value}{found.unit} {found.name} {found.comparison or ''}" for found in left]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="show the wrong rows of so many passages")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    print(json.dumps(score(rows), ensure_ascii=False))
    shown = [(row, lines) for row in rows if (lines := wrong_rows(row))][: args.worst]
    for row, lines in shown:
        print(row["text"][:400], *lines, sep="\n")


if __name__ == "__main__":
    main()
