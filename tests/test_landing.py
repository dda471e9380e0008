"""The landing: what is written can be read by us and by others, after a clean close, a kill, and damage."""

import gzip
import hashlib
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import landing
from archive.content_coding import decode_content
from archive.landing import Landing, LandingError
from archive.models import Capture, CrawlRun, ListedRow
from archive.warc import Exchange, WarcError, WarcWriter, read_record

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = "<html><h1>云和县2021年工作总结</h1></html>".encode()


def exchange(body: bytes = BODY, url: str = "http://a.example/1.html", **fields: object) -> Exchange:
    headers = ((b"Content-Type", b"text/html"),)
    return Exchange(
        **{"url": url, "status": 200, "response_headers": headers, "body": body, "fetched_at": NOW} | fields
    )


def capture(body: bytes = BODY, url: str = "http://a.example/1.html", **fields: object) -> Capture:
    digest = hashlib.sha256(body).hexdigest()
    values = {"run_id": "r1", "source": "a", "url": url, "kind": "report", "status": 200, "outcome": "ok"}
    return Capture(**values | {"fetched_at": NOW, "digest": digest, "n_bytes": len(body)} | fields)


def row(**fields: object) -> ListedRow:
    values = {
        "run_id": "r1",
        "source": "a",
        "column_url": "http://a.example/",
        "url": "http://a.example/1.html",
    }
    return ListedRow(
        **values
        | {"title": "工作总结", "date": date(2022, 1, 1), "page_no": 1, "decision": "fetch", "reason": "new"}
        | fields
    )


def new_landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "a" / "r1", CrawlRun("r1", "a", NOW), "Test/1")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    saved = writer.save(capture(list_title="工作总结", list_date=date(2022, 1, 1), etag='"x"'), exchange())
    unreached = writer.save(capture(status=None, outcome="error", detail="reset", digest=None, n_bytes=0))
    writer.note([row(), row(decision="filtered", reason="notice", date=None)])
    writer.finish(replace(writer.tally.run, state="done", stop_reason="end", ended_at=NOW))
    assert landing.run_folders(tmp_path) == [writer.folder]
    assert list(landing.captures(writer.folder)) == [saved, unreached]
    assert list(landing.listed(writer.folder)) == [
        row(),
        row(decision="filtered", reason="notice", date=None),
    ]
    run = landing.crawl_run(writer.folder)
    assert (run.state, run.n_fetched, run.n_errors, run.rows_new, run.rows_filtered) == ("done", 1, 1, 1, 1)
    assert landing.read_page(writer.folder, saved).body == BODY
    assert landing.fault(writer.folder) is None


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (b"gzip", gzip.compress(BODY)),
        (b"deflate", zlib.compress(BODY)),
        (b"deflate", zlib.compress(BODY)[2:-4]),
        (b"gzip, gzip", gzip.compress(gzip.compress(BODY))),
        (b"gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
        (b"", BODY),
    ],
    # the bytes of gzip hold the time: as names they would differ between the processes of one test run
    ids=["gzip", "zlib", "raw deflate", "gzip twice", "two members", "plain"],
)
def test_a_body_is_stored_as_it_came_and_read_decoded(tmp_path: Path, coding: bytes, packed: bytes) -> None:
    writer = new_landing(tmp_path)
    headers = ((b"Content-Encoding", coding), (b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"7"))
    saved = writer.save(capture(), exchange(packed, response_headers=headers))
    writer.finish(writer.tally.run)
    assert landing.read_page(writer.folder, saved).body == BODY
    with (writer.folder / str(saved.warc_file)).open("rb") as stream:
        response = next(record for record in ArchiveIterator(stream) if record.rec_type == "response")
        assert response.raw_stream.read() == packed
        assert response.http_headers.get_header("Content-Length") == str(len(packed))
        assert response.http_headers.get_header("Transfer-Encoding") is None


def test_others_read_our_files_and_find_the_digests_right(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    secret = ((b"Proxy-Authorization", b"Basic c2VjcmV0"), (b"User-Agent", b"Test/1"))
    question = {"method": "POST", "request_body": b"page=2", "request_headers": secret}
    writer.save(capture(), exchange(**question))
    writer.save(capture(outcome="unchanged", status=304), exchange(b"", status=304))
    writer.keep(exchange(b"", status=302, url="http://a.example/old?a=1"))
    writer.finish(writer.tally.run)
    (path,) = writer.folder.glob("*.warc.gz")
    with path.open("rb") as stream:
        records = [(record.rec_type, record.content_stream().read()) for record in ArchiveIterator(stream)]
    kinds = [kind for kind, _ in records]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request", "response", "request"]
    assert records[1][1] == BODY
    assert records[2][1] == b"page=2"
    assert b"c2VjcmV0" not in b"".join(gzip.decompress(path.read_bytes()).splitlines())

    class Quiet:
        inputs, verbose = [str(path)], False

    checker = Checker(Quiet())
    checker.process_all()
    assert checker.exit_value == 0


def test_an_unchanged_page_says_where_its_body_is_not(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    saved = writer.save(capture(outcome="unchanged", status=304), exchange(b"", status=304))
    writer.finish(writer.tally.run)
    with pytest.raises(LandingError, match="unchanged"):
        landing.read_page(writer.folder, saved)


def test_files_are_rotated_and_a_second_writer_begins_a_new_one(tmp_path: Path) -> None:
    for _ in range(2):
        writer = WarcWriter(tmp_path, "r1", "Test/1", rotate_at=1)
        places = [writer.write(exchange()) for _ in range(3)]
        writer.close()
    assert len(list(tmp_path.glob("*.warc.gz"))) == 6
    assert {read_record(tmp_path / place.file, place.offset).headers["warc-type"] for place in places} == {
        "response"
    }


def test_a_run_that_was_killed_is_counted_from_its_log_and_the_torn_end_left_out(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    saved = [writer.save(capture(url=f"http://a.example/{n}.html"), exchange()) for n in range(3)]
    writer.note([row()])
    log, warc = writer.folder / "crawl.jsonl", writer.folder / str(saved[2].warc_file)
    with log.open("ab") as lines, warc.open("ab") as records:
        lines.write('{"capture": {"run_id": "r1", "title": "工'.encode()[:-1])
        records.write(gzip.compress(b"WARC/1.1\r\n")[:15])
    run = landing.crawl_run(writer.folder)
    assert (run.state, run.stop_reason, run.n_fetched, run.rows_new) == ("crashed", "crashed", 3, 1)
    assert "1 torn line" in run.message
    assert list(landing.captures(writer.folder)) == saved
    assert [landing.read_page(writer.folder, one).body for one in saved] == [BODY] * 3
    assert landing.fault(writer.folder) is None


def test_damage_is_found_and_named(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    saved = [writer.save(capture(url=f"http://a.example/{n}.html"), exchange()) for n in range(2)]
    writer.finish(writer.tally.run)
    path = writer.folder / str(saved[1].warc_file)
    data = bytearray(path.read_bytes())
    data[(saved[1].warc_offset or 0) + 40] ^= 0xFF
    path.write_bytes(bytes(data))
    assert landing.read_page(writer.folder, saved[0]).body == BODY
    fault = landing.fault(writer.folder)
    assert fault is not None
    assert fault.startswith("1 captures cannot be read")
    assert path.name in fault
    path.unlink()
    assert str(landing.fault(writer.folder)).startswith("2 captures")


def test_another_body_under_the_same_name_is_not_passed_off(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    saved = writer.save(capture(digest="0" * 64), exchange())
    with pytest.raises(LandingError, match="as fetched"):
        landing.read_page(writer.folder, saved)


def test_a_log_cannot_point_out_of_its_folder(tmp_path: Path) -> None:
    writer = new_landing(tmp_path)
    (tmp_path / "secret").write_bytes(b"root:x")
    with pytest.raises(LandingError):
        landing.read_page(writer.folder, capture(warc_file="../../secret", warc_offset=0))


def test_a_folder_without_a_log_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match=r"crawl\.jsonl"):
        landing.crawl_run(tmp_path)
    (tmp_path / "crawl.jsonl").write_bytes(b"\x00\xff\nnull\n[]\n{}\n" + b'{"run": 3}\n')
    assert list(landing.captures(tmp_path)) == []
    with pytest.raises(LandingError, match="no run starts here"):
        landing.crawl_run(tmp_path)


def test_a_record_larger_than_the_bound_is_refused_and_not_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.warc.gz"
    bomb.write_bytes(gzip.compress(bytes(50_000_000)))
    with pytest.raises(WarcError, match="larger than"):
        read_record(bomb, 0, max_bytes=1_000_000)


@given(body=st.binary(max_size=300), coding=st.sampled_from([b"", b"gzip", b"deflate", b"br", b"gzip,,x"]))
def test_decoding_never_raises(body: bytes, coding: bytes) -> None:
    assert isinstance(decode_content(body, coding), bytes)


@settings(max_examples=30)
@given(body=st.binary(max_size=500), value=st.binary(max_size=40), path=st.text(max_size=20))
def test_any_answer_survives_the_way_through_the_archive(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, value: bytes, path: str
) -> None:
    writer = new_landing(tmp_path_factory.mktemp("landing"))
    url = f"http://a.example/{path}"
    one = exchange(body, url, response_headers=((b"X-Odd", value),))
    saved = writer.save(capture(body, url, detail=path), one)
    assert landing.read_page(writer.folder, saved).body == body
    assert list(landing.captures(writer.folder)) == [saved]


def test_a_killed_run_is_closed_without_the_lines_whose_records_a_power_cut_took(tmp_path: Path) -> None:
    folder = tmp_path / "landing" / "a" / "r1"
    writer = Landing(folder, CrawlRun("r1", "a", NOW), "tests")
    writer.save(capture(), exchange())
    kept = (folder / landing.LOG).read_bytes()
    (file,) = folder.glob("*.warc.gz")
    size = file.stat().st_size
    writer.save(capture(url="http://a.example/2.html"), exchange(url="http://a.example/2.html"))
    with file.open("r+b") as cut:
        cut.truncate(size + 20)
    assert landing.fault(folder) is not None
    landing.settle(folder.parent)
    assert (folder / landing.LOG).read_bytes() == kept
    assert landing.fault(folder) is None
    run = landing.crawl_run(folder)
    assert (run.state, run.n_fetched) == ("crashed", 1)
    landing.settle(folder.parent)
    assert landing.crawl_run(folder) == run


def test_a_crawl_that_still_writes_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "landing" / "a" / "r1"
    writer = Landing(folder, CrawlRun("r1", "a", NOW), "tests")
    writer.save(capture(), exchange())
    with landing.landing_lock(folder):
        with pytest.raises(LandingError, match="still writes here"):
            landing.settle(folder.parent, patience=0)
        assert not (folder / landing.STATS).exists()
    landing.settle(folder.parent)
    assert (folder / landing.STATS).exists()


def test_a_run_that_was_killed_before_its_first_line_leaves_nothing(tmp_path: Path) -> None:
    for name, log in (("r1", None), ("r2", b""), ("r3", b'{"run": {"run_')):
        (tmp_path / "a" / name).mkdir(parents=True)
        (tmp_path / "a" / name / "known.jsonl").write_bytes(b"")
        if log is not None:
            (tmp_path / "a" / name / landing.LOG).write_bytes(log)
    landing.settle(tmp_path / "a")
    assert list((tmp_path / "a").iterdir()) == []
