"""What tagging costs beside one segmentation of the same texts: `python tests/benchmarks/tags.py FOLDER`.

FOLDER holds texts (*.txt). Both are timed in one process, interleaved, and the median of the rounds is shown for each;
jieba (MIT) is needed for the comparison only and is no dependency of the project.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from archive.models import Report
from archive.tagging import tag_report
from archive.tags import rules

_ROUNDS = 5


def main() -> None:
    """Prints milliseconds per text for the segmentation, for all of tagging, and for each tag."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    texts = [path.read_text("utf-8") for path in sorted(parser.parse_args().folder.glob("*.txt"))]
    reports = [Report(title=text[:30].strip(), text=text) for text in texts]
    segment = _segmenter()
    work: dict[str, Callable[[], object]] = {
        "jieba.lcut": lambda: [segment(text) for text in texts],
        "tag_report": lambda: [tag_report(report) for report in reports],
        **{name: _each(rule, reports) for name, rule in rules().items()},
    }
    medians = _medians(work)
    for name, seconds in medians.items():
        print(
            f"{name:16} {seconds / len(texts) * 1000:8.2f} ms per text  {seconds / medians['jieba.lcut']:6.2f} x"
        )


def _segmenter() -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return jieba.lcut  # type: ignore[no-any-return]


def _each(rule: Callable[[Report], object], reports: list[Report]) -> Callable[[], object]:
    return lambda: [rule(report) for report in reports]


def _medians(work: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in work}
    for name in work:
        work[name]()  # tables are read and patterns compiled once, before the clock runs
    for _ in range(_ROUNDS):
        for name, run in work.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


if __name__ == "__main__":
    main()
