"""How long a first crawl of the whole field takes, by the number of crawls at once: a simulation.

    python -m tests.benchmarks.makespan [--sites 14000] [--reports 10000000] [--delay 1] [--slots 4 64 1024]

Politeness decides, not machines: a site is asked for one page at a time, a delay apart, by one crawl at a time. Sites
differ by orders of magnitude in what they hold, so their sizes are drawn from a log-normal law (sigma 1.8: the largest
hundredth of the sites holds about a quarter), and the largest site alone is a bound that no number of machines lowers.
Each crawl ends after some hours and goes on in its next turn, so that small sites do not wait behind large ones.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

SIGMA = 1.8
LIST_ROWS = 20  # rows of a list page: one more request for so many reports
ANSWER_SECONDS = 0.5  # beside the delay: a government server's answer
START_SECONDS = 5.0  # child process, robots.txt, loading
CRAWL_HOURS = 4.0  # crawlers/job.py ends a crawl then
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Field:
    """What is to be crawled: reports of each site, and the seconds between two requests to one site."""

    reports: Sequence[int]
    delay: float

    def seconds(self, site: int) -> float:
        """How long one site takes if nothing is waited for but the site itself."""
        requests = self.reports[site] * (1 + 1 / LIST_ROWS) + 1
        return requests * (self.delay + ANSWER_SECONDS)


def draw(sites: int, reports: int, delay: float, seed: int = 20261125) -> Field:
    """Sites with so many reports in all."""
    rng = random.Random(seed)
    weights = [rng.lognormvariate(0, SIGMA) for _ in range(sites)]
    return Field([max(1, round(reports * weight / sum(weights))) for weight in weights], delay)


def makespan(field: Field, slots: int) -> float:
    """Seconds until the last site is done, with so many crawls at once, each taking the next site that waits."""
    left = {site: field.seconds(site) for site in range(len(field.reports))}
    waiting = deque(left)
    running: list[tuple[float, int]] = []
    now = 0.0
    while waiting or running:
        while waiting and len(running) < slots:
            site = waiting.popleft()
            turn = min(left[site], CRAWL_HOURS * 3600)
            left[site] -= turn
            heapq.heappush(running, (now + START_SECONDS + turn, site))
        now, site = heapq.heappop(running)
        if left[site] > 0:
            waiting.append(site)
    return now


def requests_a_day(field: Field, slots: int) -> float:
    """Requests to all sites on a day on which every slot is busy."""
    return slots * DAY / (field.delay + ANSWER_SECONDS)


def main() -> None:
    """Print a line for each number of slots."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=14_000)
    parser.add_argument("--reports", type=int, default=10_000_000)
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between two requests to one site")
    parser.add_argument("--slots", type=int, nargs="+", default=[4, 16, 64, 256, 1024, 4096])
    options = parser.parse_args()
    field = draw(options.sites, options.reports, options.delay)
    largest = max(range(len(field.reports)), key=field.reports.__getitem__)
    print(
        f"{options.sites:,} sites, {sum(field.reports):,} reports; the largest site has {field.reports[largest]:,} "
        f"and takes {field.seconds(largest) / DAY:.1f} days by itself"
    )
    print("crawls at once | days | requests a day while all are busy")
    for slots in options.slots:
        print(f"{slots:>14,} | {makespan(field, slots) / DAY:>6.1f} | {requests_a_day(field, slots):>12,.0f}")


if __name__ == "__main__":
    main()
