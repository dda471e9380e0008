"""Coverage-guided fuzzing of everything that reads what strangers wrote (tests/fuzz_targets.py), with atheris.

    python -m pip install -c constraints.txt --group fuzz
    python -m tests.benchmarks.fuzz [--minutes 5] [--target NAME] [--keep FOLDER]

`--minutes` is for each target. Prints Markdown, and writes it into docs/reliability.md where all targets were run. Inputs that
raise, take more than 20 s or 1 GB are kept, with what was said, in the folder, or in one that is named at the end. Exit status 1
if there was one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import figures

MOST_SECONDS, MOST_MEGABYTES, LONGEST_INPUT = 20, 1_000, 30_000


class Result(NamedTuple):
    """What came of one target."""

    target: str
    n_inputs: int
    n_features: int
    findings: list[str]


def fuzz(target: str, seconds: int, folder: Path) -> Result:
    """Fuzz one target in a process of its own."""
    from tests.fuzz_targets import seeds

    corpus, found = folder / target / "corpus", folder / target / "found"
    for place in (corpus, found):
        place.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds(target)):
        (corpus / f"seed-{n}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}"]
    options = [*limits, f"-max_len={LONGEST_INPUT}", f"-artifact_prefix={found}/", "-print_final_stats=1"]
    last = folder / target / "last"
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.fuzz",
        "--run",
        target,
        str(last),
        "--",
        *options,
        str(corpus),
    ]
    done = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)
    said = done.stderr.decode("utf-8", "replace")
    (folder / target / "log").write_text(said, "utf-8")
    inputs = re.findall(r"stat::number_of_executed_units: (\d+)", said)
    features = re.findall(r" ft: (\d+)", said)
    findings = [path.name for path in sorted(found.iterdir())]
    if done.returncode and not findings:
        last.rename(found / "last")
        findings.append(f"last (ended with status {done.returncode})")
    return Result(target, int(inputs[-1]) if inputs else 0, int(features[-1]) if features else 0, findings)


def run(target: str, last: Path, options: list[str]) -> None:
    """The child: libFuzzer's loop, which ends the process. Each input is noted first, for what kills the process."""
    import atheris

    with atheris.instrument_imports(include=["archive", "crawlers"]):
        from tests.fuzz_targets import TARGETS

    def noted(data: bytes) -> None:
        last.write_bytes(data)
        TARGETS[target](data)

    atheris.Setup([sys.argv[0], *options], noted)
    atheris.Fuzz()


def main() -> int:
    """Run as told on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--target")
    parser.add_argument("--keep", type=Path, help="work here and keep corpus, findings and logs")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("options", nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        run(given.run[0], Path(given.run[1]), given.options)
    from tests.fuzz_targets import TARGETS

    chosen = [given.target] if given.target else list(TARGETS)
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    results = [fuzz(target, int(given.minutes * 60), folder) for target in chosen]
    text = "\n".join(
        [
            "| target | minutes | inputs | branches and values reached | crashes, timeouts, more than 1 GB |",
            "| --- | ---: | ---: | ---: | ---: |",
            *(
                f"| {r.target} | {given.minutes:g} | {r.n_inputs:,} | {r.n_features:,} | {len(r.findings)} |"
                for r in results
            ),
        ]
    )
    print(text)
    for result in results:
        for finding in result.findings:
            print(f"{folder / result.target / 'found' / finding}", file=sys.stderr)
    if given.keep is None and not any(result.findings for result in results):
        shutil.rmtree(folder)
    if not given.target:
        figures.write("fuzzing", text)
    return 1 if any(result.findings for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
