"""Reads one attachment in a child process, so that a hostile file can end the child and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from archive.models import Attachment, Page
from crawlers.pages.attachments.content import Content
from crawlers.pages.attachments.limits import CPU_SECONDS, WALL_SECONDS

MAX_BYTES = 60_000_000  # of a file; what a crawl fetches is capped lower
_ROOT = Path(__file__).parents[3]
_CHILD = "crawlers.pages.attachments.child"


def read_attachment(page: Page, caption: str = "") -> Attachment:
    """The attachment as text, or with a note that says why it has none. Never raises.

    The format is told by the bytes, not by the name. PDF, DOCX, DOC, WPS, RTF, XLSX and OFD are read, and ZIP archives
    of these. Macros, scripts and links in a file are never run or followed.
    """
    content = _too_large(page.body) or (_in_child(page.body) if page.body else _nothing())
    name = urlsplit(page.url).path.lower() + caption.strip().lower()
    is_wps = content.format == "doc" and ".wps" in name
    return Attachment(
        url=page.url,
        caption=caption,
        format="wps" if is_wps else content.format,
        text=content.text,
        note=content.note,
        n_bytes=len(page.body),
        digest=hashlib.sha256(page.body).hexdigest(),
    )


def _too_large(body: bytes) -> Content | None:
    return Content("unknown", None, f"too_large: {len(body)} bytes") if len(body) > MAX_BYTES else None


def _nothing() -> Content:
    return Content("unknown", None, "unreadable: the file is empty")


def _in_child(body: bytes) -> Content:
    command = [sys.executable, "-P", "-X", "utf8", "-m", _CHILD]
    try:
        done = subprocess.run(
            command, input=body, capture_output=True, timeout=WALL_SECONDS, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        return Content("unknown", None, f"too_large: takes more than {WALL_SECONDS} seconds")
    except OSError as error:
        return Content("unknown", None, f"unreadable: no process to read it in ({error})")
    return _answer(done)


def _environment() -> dict[str, str]:
    """No secrets of the parent; one thread, since threads reserve memory that counts."""
    return {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1"}


def _answer(done: subprocess.CompletedProcess[bytes]) -> Content:
    if done.returncode == -signal.SIGXCPU:
        return Content("unknown", None, f"too_large: takes more than {CPU_SECONDS} seconds of processor time")
    if done.returncode == -signal.SIGKILL:  # the system's own answer to a lack of memory
        return Content("unknown", None, "too_large: its reader was killed")
    try:
        answer = json.loads(done.stdout)
        return Content(answer["format"], answer["text"], answer["note"])
    except (ValueError, KeyError, TypeError):
        return Content("unknown", None, f"unreadable: its reader ended with code {done.returncode}")
