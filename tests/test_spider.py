"""The spider on a whole loopback site: everything once, then only what is new, due, changed or gone."""

import io
import os
import signal
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive import landing
from archive.landing import Landing
from archive.models import CrawlRun, KnownPage, ListPage, ListRow
from crawlers.crawl import CrawlJob, start
from crawlers.fetching.hosts import is_same_site
from crawlers.fetching.progress import Progress
from crawlers.fetching.rows import Chooser, Decision
from crawlers.spider import ReportSpider
from tests import crawls
from tests.crawls import source
from tests.sites import Answer, Reply, Seen, Site, list_page, report_page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NEWEST = date(2022, 3, 30)


def rows_of(n: int) -> list[tuple[str, str, str]]:
    """n rows, newest first, every fourth a notice."""
    titles = ("局2021年工作总结", "局2022年工作要点", "乡政府工作报告", "召开干部会议的通知")
    return [
        (
            f"/a/t{i}.html",
            f"关于云和县第{i}{titles[i % 4]}" if i % 4 == 3 else f"云和县第{i}{titles[i % 4]}",
            str(NEWEST - timedelta(i)),
        )
        for i in range(n)
    ]


def column(rows: list[tuple[str, str, str]], per_page: int = 8) -> dict[str, Reply]:
    """The list pages of a column in the manner of TRS."""
    pages = [rows[i : i + per_page] for i in range(0, len(rows), per_page)]
    names = ["/list/", *(f"/list/index_{n}.html" for n in range(1, len(pages)))]
    return {
        name: Answer(list_page(page, len(pages), n))
        for n, (name, page) in enumerate(zip(names, pages, strict=True))
    }


def report(seen: Seen) -> Answer:
    """A report page that honours its own ETag."""
    page = Answer(report_page(seen.path), headers=(("Content-Type", "text/html"), ("ETag", '"1"')))
    return Answer(b"", 304) if seen.headers.get("if-none-match") == '"1"' else page


def reports(rows: list[tuple[str, str, str]]) -> dict[str, Reply]:
    return {path: report for path, title, _ in rows if "通知" not in title}


@pytest.mark.slow
def test_everything_once_then_only_what_is_new_due_changed_or_gone(tmp_path: Path) -> None:
    rows = rows_of(40)
    wanted = list(reports(rows))
    with Site(column(rows) | reports(rows)) as site:
        first = crawls.job(site, tmp_path / "r1")
        run = crawls.run(first)
        assert sorted(site.paths("/a/")) == sorted(wanted)
        assert len(site.paths("/list/")) == 5
        assert (run.state, run.stop_reason, run.end_reached) == ("done", "end", True)
        assert (run.rows_seen, run.rows_new, run.rows_filtered) == (40, 30, 10)

        fetched = list(landing.captures(first.folder))
        known = crawls.known_from(tmp_path / "known", fetched)
        site.seen.clear()
        run = crawls.run(crawls.job(site, tmp_path / "r2", known=known, last_newest_on=NEWEST))
        assert site.paths() == ["/list/"]
        assert (run.stop_reason, run.rows_new, run.rows_known) == ("known", 0, 6)

        # Two reports are new, and three old ones due: one changed, one is gone, one is as it was.
        more = [(f"/a/new{n}.html", f"云和县{n}局2022年工作总结", str(NEWEST + timedelta(n))) for n in (2, 1)]
        site.replies |= column(more + rows) | reports(more)
        site.replies[wanted[20]] = Answer(report_page("又改了一次"))
        site.replies[wanted[21]] = Answer(b"", 410)
        due = {site.url(path): {"next_due_at": datetime.now(UTC)} for path in wanted[20:23]}
        known = crawls.known_from(tmp_path / "known", fetched, **due)
        site.seen.clear()
        third = crawls.job(site, tmp_path / "r3", known=known, last_newest_on=NEWEST)
        run = crawls.run(third)
        assert sorted(site.paths("/a/")) == sorted([path for path, *_ in more] + wanted[20:23])
    outcomes = {path: one.outcome for path, one in crawls.captures(third).items() if one.kind == "report"}
    assert outcomes == {more[0][0]: "ok", more[1][0]: "ok"} | dict(
        zip(wanted[20:23], ("ok", "gone", "unchanged"), strict=True)
    )
    assert (run.n_fetched, run.n_gone, run.n_unchanged, run.rows_new) == (3, 1, 1, 2)


@pytest.mark.slow
def test_a_killed_crawl_leaves_a_landing_that_tells_all_it_fetched(tmp_path: Path) -> None:
    rows = rows_of(40)
    with Site(column(rows) | reports(rows)) as site:
        job = crawls.job(site, tmp_path / "r1", fields={"delay": 0.05})
        child = start(job)
        while len(site.paths("/a/")) < 6:
            pass
        os.kill(child.pid, signal.SIGKILL)
        crawls.finish(child)
        run = landing.crawl_run(job.folder)
        done = [one for one in landing.captures(job.folder) if one.kind == "report"]
        assert run.state == "crashed"
        assert run.n_fetched == len(done) >= 4
        assert landing.fault(job.folder) is None
        assert all(
            landing.read_page(job.folder, one).body == report_page(one.url[len(site.url("")) :])
            for one in done
        )

        site.seen.clear()
        known = crawls.known_from(tmp_path / "known", done)
        crawls.run(crawls.job(site, tmp_path / "r2", known=known))
        assert len(site.paths("/a/")) == 30 - len(done)


@pytest.mark.slow
def test_a_crawl_whose_parent_goes_while_it_starts_ends_at_once_and_is_red(tmp_path: Path) -> None:
    rows = rows_of(40)
    with Site(column(rows) | reports(rows)) as site:
        job = crawls.job(site, tmp_path / "r1", fields={"delay": 0.5})
        with start(job) as child:
            assert child.stdin is not None
            child.stdin.close()
            assert landing.is_being_written(job.folder), "the next run waits for it"
            try:
                child.wait(60)
            finally:
                child.kill()
        assert len(site.paths("/a/")) < 30
    assert not landing.is_being_written(job.folder)
    run = landing.crawl_run(job.folder)
    assert (run.state, run.stop_reason) == ("red", "stopped")


def test_a_run_that_is_stopped_before_its_first_page_is_red(tmp_path: Path) -> None:
    job = CrawlJob(source("http://a.example/"), "r1", tmp_path / "r1")
    writer = Landing(job.folder, CrawlRun("r1", "yunhe", NOW), "tests")
    ReportSpider(job, writer, {}, Progress(io.StringIO())).closed("shutdown")
    run = landing.crawl_run(job.folder)
    assert (run.state, run.stop_reason) == ("red", "stopped")


@pytest.mark.slow
def test_attachments_and_further_pages_come_with_their_report(tmp_path: Path) -> None:
    extra = """<p><a href="/files/plan.pdf">附件：工作要点.pdf</a> <a href="http://10.0.0.1/x.pdf">内部.pdf</a>
        <a href="file:///etc/passwd.pdf">passwd.pdf</a></p>"""
    pages: dict[str, Reply] = {
        "/list/": Answer(list_page([("/a.html", "云和县2022年工作要点", "2022-01-01")])),
        "/a.html": Answer(report_page("云和县2022年工作要点", extra)),
        "/files/plan.pdf": Answer(b"%PDF-1.4 x", headers=(("Content-Type", "application/pdf"),)),
    }
    with Site(pages) as site:
        job = crawls.job(site, tmp_path / "r1")
        run = crawls.run(job)
        parent = site.url("/a.html")
    parts = {one.url: one for one in landing.captures(job.folder) if one.parent_url == parent}
    assert {url.rpartition("/")[2]: one.outcome for url, one in parts.items()} == {
        "plan.pdf": "ok",
        "x.pdf": "refused",
    }
    assert run.state == "done"


# ---------------------------------------------------------------- rules, without a network


def chooser(*known: KnownPage, **options: object) -> Chooser:
    job = crawls.CrawlJob(source("http://a.example/list/"), "r1", Path("r1"), **options)  # type: ignore[arg-type]
    return Chooser(job, {page.url: page for page in known}, NOW)


def row(
    n: int = 1, title: str = "云和县2021年工作总结", day: date | None = NEWEST, **more: object
) -> ListRow:
    return ListRow(f"http://a.example/{n}.html", title, day, **more)  # type: ignore[arg-type]


def known(n: int = 1, **more: object) -> KnownPage:
    return KnownPage(f"http://a.example/{n}.html", **more)  # type: ignore[arg-type]


PAST, FUTURE = NOW - timedelta(1), NOW + timedelta(1)


@pytest.mark.parametrize(
    ("one", "rules", "expected"),
    [
        (row(), chooser(), Decision("fetch", "new")),
        (row(), chooser(known()), Decision("known")),
        (row(), chooser(known(next_due_at=FUTURE)), Decision("known")),
        (row(), chooser(known(next_due_at=PAST)), Decision("fetch", "due")),
        (row(), chooser(known(), full=True), Decision("fetch", "full")),
        (row(), chooser(since=date(2023, 1, 1)), Decision("before_since", "before 2023-01-01")),
        (row(day=None), chooser(since=date(2023, 1, 1)), Decision("fetch", "new")),
        (row(title="召开会议的通知"), chooser(full=True), None),
        (ListRow("http://b.example/1.html", "工作总结"), chooser(), Decision("outside", "another site")),
    ],
)
def test_what_becomes_of_a_row(one: ListRow, rules: Chooser, expected: Decision | None) -> None:
    decision = rules.decide(one, "http://a.example/list/")
    assert decision == expected if expected else decision.verdict == "filtered"


def test_a_page_that_two_lists_show_is_asked_for_once() -> None:
    rules = chooser()
    rules.asked.add(row().url)
    assert rules.decide(row(), "http://a.example/list/").verdict == "known"


OLD, NEW = NEWEST - timedelta(9), NEWEST + timedelta(9)
PINNED = row(9, day=OLD, is_pinned=True)


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ([row(1), row(2)], {"last_newest_on": NEWEST}, "known"),
        ([row(1), row(2)], {}, None),  # no complete run yet: list on to the end
        ([row(1), row(5)], {"last_newest_on": NEWEST}, None),  # 5 is new
        ([row(1, day=NEW), row(2)], {"last_newest_on": NEWEST}, None),  # known, but younger than the last run
        ([PINNED, row(1)], {"last_newest_on": NEWEST}, "known"),
        (
            [row(5, day=OLD, is_pinned=True), row(1)],
            {"last_newest_on": NEWEST},
            "known",
        ),  # a new pin is no new row
        ([PINNED], {"last_newest_on": NEWEST}, None),  # a page of pins proves nothing
        ([row(1, day=None), row(2, day=None)], {"last_newest_on": NEWEST}, "known"),
        ([row(5, "会议通知", None)], {"last_newest_on": NEWEST}, None),  # neither dates nor anything known
        ([row(1), row(2)], {"last_newest_on": NEWEST, "full": True}, None),
        (
            [row(1), row(2)],
            {"last_newest_on": NEWEST, "since": OLD},
            None,
        ),  # filling gaps: known rows do not stop it
        ([row(1, day=OLD)], {"since": NEWEST}, "since"),
        ([PINNED, row(1, day=NEW)], {"since": NEWEST}, None),
    ],
)
def test_when_a_list_has_been_read_far_enough(
    rows: list[ListRow], options: dict[str, object], expected: str | None
) -> None:
    rules = chooser(known(1), known(2), known(9), **options)
    decisions = [rules.decide(one, "http://a.example/list/") for one in rows]
    assert rules.stop_after(ListPage("trs", tuple(rows)), decisions) == expected


def test_due_pages_that_no_list_shows_are_found_longest_due_first() -> None:
    later, sooner = known(1, next_due_at=PAST), known(2, next_due_at=PAST - timedelta(5))
    rules = chooser(later, sooner, known(3), known(4, next_due_at=FUTURE))
    assert rules.due_elsewhere() == [sooner, later]


@pytest.mark.parametrize(
    ("url", "is_same"),
    [
        ("http://www.yunhe.gov.cn/1.html", True),
        ("https://wjw.yunhe.gov.cn:8443/1.html", True),
        ("http://www.qingshi.gov.cn/1.html", False),
        ("http://gov.cn/1.html", False),
        ("javascript:void(0)", False),
        ("http://[broken", False),
    ],
)
def test_links_stay_on_the_site(url: str, is_same: bool) -> None:
    assert is_same_site(url, "http://wjw.yunhe.gov.cn/ghjh/") is is_same
