"""The texts under comparison as stored: numbered, fingerprinted, packed; added, replaced and forgotten here."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from archive.duplicates import exact_form
from archive.fingerprints import FINGERPRINT_VERSION, fingerprint
from archive.warehouse.columns import append, objects, temp_table

# Texts compress to a third at the fastest level; more costs ten times the time for a tenth of the size.
ZLIB_LEVEL = 1


@dataclass(frozen=True, slots=True)
class FingerprintRow:
    """What is stored of a report for comparison."""

    report_id: str
    text: str
    fingerprint: NDArray[np.uint64]


def rows_of(texts: Mapping[str, str]) -> Iterator[FingerprintRow]:
    """Report id -> text as rows to store."""
    return (FingerprintRow(name, text, fingerprint(text)) for name, text in texts.items())


def add_fingerprints(con: duckdb.DuckDBPyConnection, rows: Iterable[FingerprintRow]) -> None:
    """Store the fingerprints of new or changed reports; those of an older text of the same report are replaced."""
    texts = _really_new(con, {row.report_id: row for row in rows})
    if not texts:
        return
    (first,) = con.execute("SELECT coalesce(max(doc_no) + 1, 0) FROM compared_texts").fetchall()[0]
    sizes = np.array([len(row.fingerprint) for row in texts], dtype=np.uint32)
    numbers = np.arange(first, first + len(texts), dtype=np.uint32)
    append(con, "compared_texts", {
        "doc_no": numbers,
        "report_id": objects(row.report_id for row in texts),
        "fingerprint_version": objects(FINGERPRINT_VERSION for _ in texts),
        "n_hashes": sizes,
        "exact_digest": np.array([exact_digest(row.text) for row in texts], dtype=np.uint64),
        "body": objects(_packed(row.text) for row in texts),
    })  # fmt: skip
    hashes = np.concatenate([np.asarray(row.fingerprint, dtype=np.uint64) for row in texts])
    append(con, "fingerprints", {"doc_no": np.repeat(numbers, sizes), "hash": hashes})
    append(con, "unsettled", {"report_id": objects(row.report_id for row in texts)})


def forget(con: duckdb.DuckDBPyConnection, report_ids: Iterable[str]) -> None:
    """Take reports and their relations out of the comparison; their kin is settled when `deduplicate` next runs."""
    leaving = objects(report_ids)
    if not len(leaving):
        return
    temp_table(con, "leaving", {"report_id": leaving})
    con.execute(
        """
        INSERT INTO unsettled
            SELECT b FROM duplicates WHERE a IN (FROM leaving)
            UNION SELECT a FROM duplicates WHERE b IN (FROM leaving)
            UNION SELECT report_id FROM families WHERE canonical_id IN (FROM leaving);
        DELETE FROM duplicates WHERE a IN (FROM leaving) OR b IN (FROM leaving);
        DELETE FROM families WHERE report_id IN (FROM leaving);
        DELETE FROM fingerprints WHERE doc_no IN (SELECT doc_no FROM compared_texts SEMI JOIN leaving USING (report_id));
        DELETE FROM compared_texts WHERE report_id IN (FROM leaving)
        """
    )


def _really_new(con: duckdb.DuckDBPyConnection, rows: Mapping[str, FingerprintRow]) -> list[FingerprintRow]:
    """The rows whose text differs from what is stored, which is forgotten: a report read again mostly has its old one."""
    temp_table(con, "arriving", {"report_id": objects(rows)})
    known = con.execute("SELECT doc_no FROM compared_texts SEMI JOIN arriving USING (report_id)").fetchnumpy()
    stored = stored_texts(con, known["doc_no"]) if len(known["doc_no"]) else []
    unchanged = {
        name
        for _, name, version, body in stored
        if version == FINGERPRINT_VERSION and unpacked(body) == rows[name].text
    }
    forget(con, [name for _, name, _, _ in stored if name not in unchanged])
    return [row for name, row in rows.items() if name not in unchanged]


def stored_texts(
    con: duckdb.DuckDBPyConnection, doc_nos: NDArray[np.uint32]
) -> list[tuple[int, str, str, bytes]]:
    """Number, report, fingerprint version and packed text of documents; by number, so that few blocks are read."""
    temp_table(con, "wanted", {"doc_no": doc_nos})
    return con.execute(
        "SELECT doc_no, report_id, fingerprint_version, body FROM compared_texts SEMI JOIN wanted USING (doc_no)"
    ).fetchall()


def exact_digest(text: str) -> int:
    """Equal for texts that differ in layout, width or script only: 64 bits."""
    digest = hashlib.blake2b(exact_form(text).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), ZLIB_LEVEL)


def unpacked(body: bytes) -> str:
    """A stored text."""
    return isal_zlib.decompress(body).decode("utf-8", "surrogatepass")
