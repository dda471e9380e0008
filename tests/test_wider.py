"""Served beyond this machine: with a user and password or not at all, by real servers on this machine's own address."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from archive.models import report_id
from archive.warehouse import Home
from crawlers import sample_sites
from flows.browse.app import site
from flows.cli import app
from flows.listening import words_for
from flows.settings import SettingsError
from tests.archives import HEALTH_2021, small_archive
from tests.crashes import descendants, lives
from tests.test_serve import serving, wait_for

WORDS = "reader:correct-horse-battery"
IN_BASE64 = base64.b64encode(WORDS.encode()).decode()
BROWSE, SERVE = "WORKREPORTS_PASSWORD", "PREFECT_SERVER_API_AUTH_STRING"
SOURCE = "sample_biganzi"

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def own_address() -> str:
    """An address of this machine that others could use; where it has none, all there are."""
    found = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    return next((address for address in found if "." in address), "0.0.0.0")


def ask(url: str, words: str | None = None, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
    """Status and body of an answer."""
    given = {} if words is None else {"authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json", **given})
    try:
        with _opener.open(request, timeout=90) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@contextmanager
def browsing(home: Home, host: str) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """The address that `browse` names, what else it says at its start, and its process."""
    command = [sys.executable, "-m", "flows.cli", "browse", "--no-open", "--port", "0", "--host", host]
    environment = {**os.environ, "WORKREPORTS_HOME": str(home.path), BROWSE: WORDS}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child.stdout.readline().split()[0], child.stdout.readline(), child
        finally:
            child.send_signal(signal.SIGINT)


def test_browse_asks_for_user_and_password_before_every_page_and_file(tmp_path: Path) -> None:
    home = small_archive(tmp_path)
    with browsing(home, own_address()) as (url, said, child):
        assert "unencrypted" in said and BROWSE in said
        assert "correct" not in Path(f"/proc/{child.pid}/cmdline").read_text() + said
        report = f"report/{report_id(HEALTH_2021)}"
        for path in ("", report, "sources", "style.css", "evidence.js", "?q=总结"):
            page = url + urllib.parse.quote(path, safe="/?=")
            for wrong in (None, "", "reader:", "reader:wrong", f"{WORDS}!", "reader:гость"):
                assert ask(page, wrong)[0] == 401, (path, wrong)
            assert ask(page, WORDS)[0] == 200, path
        assert (ask(f"{url}nothing")[0], ask(f"{url}nothing", WORDS)[0]) == (401, 404)


def test_a_browser_is_told_to_ask_and_rubbish_is_refused(tmp_path: Path) -> None:
    client = TestClient(site(small_archive(tmp_path), WORDS), base_url="http://archive.example")
    refused = client.get("/")
    assert refused.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    for header in (f"Bearer {IN_BASE64}", "Basic", "Basic ===", f"Basic {IN_BASE64[:-4]}", IN_BASE64):
        assert client.get("/", headers={"Authorization": header}).status_code == 401, header
    assert client.get("/", headers={"Authorization": f"basic {IN_BASE64}"}).status_code == 200


@pytest.mark.parametrize(("command", "name"), [("browse", BROWSE), ("serve", SERVE)])
@pytest.mark.parametrize("words", [None, "", "reader", "reader:", ":hunter2", "reader:пароль", "reader:a\nb"])
def test_nobody_else_is_served_without_user_and_password(
    tmp_path: Path, command: str, name: str, words: str | None
) -> None:
    environment = {"WORKREPORTS_HOME": str(tmp_path), "PREFECT_API_URL": None, name: words}
    # an address that is not this machine's: where nothing refuses it, nothing is served for ever either
    done = CliRunner().invoke(app, [command, "--host", "203.0.113.7"], env=environment)
    assert done.exit_code == 1
    assert isinstance(done.exception, SettingsError)
    assert name in str(done.exception) and "USER:PASSWORD" in str(done.exception)
    assert "hunter2" not in str(done.exception) and "пароль" not in str(done.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "fe80::1", "::ffff:127.0.0.1"])
def test_every_address_but_loopback_is_other_peoples(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BROWSE, raising=False)
    with pytest.raises(SettingsError, match="other machines"):
        words_for(host, BROWSE)
    assert words_for("127.0.0.1", BROWSE) == words_for("::1", BROWSE) == ""


def test_where_to_listen_is_an_address_of_a_server_that_is_started() -> None:
    assert "no IP address" in CliRunner().invoke(app, ["browse", "--host", "archive.example"]).stderr
    only = CliRunner().invoke(app, ["serve", "--worker-only", "--host", "0.0.0.0"], env={"COLUMNS": "200"})
    assert (only.exit_code, "none is started here" in only.stderr) == (2, True)


def workreports(home: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", command],
        env=known | {"WORKREPORTS_HOME": str(home), **environment},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def command_lines(pid: int) -> str:
    return "".join(Path(f"/proc/{one}/cmdline").read_text() for one in (pid, *descendants(pid)) if lives(one))


def sources(folder: Path) -> dict[str, str]:
    """The settings for one source, which is not due before the next leap day."""
    folder.mkdir()
    text = (sample_sites.SOURCES / f"{SOURCE}.toml").read_text("utf-8")
    (folder / f"{SOURCE}.toml").write_text(f'{text}\nschedule = "0 0 29 2 *"\n', "utf-8")
    return {"WORKREPORTS_SOURCES": str(folder), "WORKREPORTS_SHIPPED": "false"}


@pytest.mark.slow
def test_serve_asks_for_user_and_password_and_its_own_parts_know_them(tmp_path: Path) -> None:
    with sample_sites.serve() as sites:
        settings = sources(tmp_path / "sources") | {"http_proxy": sites.proxy, "https_proxy": sites.proxy}
        with serving(tmp_path, "--host", own_address(), **settings, **{SERVE: WORDS}) as child:
            log = tmp_path / ".workreports/prefect/worker.log"
            wait_for("the worker", lambda: log.exists() and "started!" in log.read_text(), 180)
            server = json.loads((tmp_path / ".workreports/prefect/server.json").read_text())
            url = server["url"]
            check_who_is_let_in(url)
            without = workreports(tmp_path, "deploy", **settings)
            assert (without.returncode, "asks for its user and password" in without.stderr) == (1, True)
            for name in (SERVE, "PREFECT_API_AUTH_STRING"):
                deployed = workreports(tmp_path, "deploy", **settings, **{name: WORDS})
                assert deployed.returncode == 0, deployed.stderr
            check_a_run(url)
            assert workreports(tmp_path, "status", **settings).returncode == 0
            processes = [server["pid"], *(pid for pid in descendants(child.pid))]
            assert "correct-horse" not in command_lines(child.pid)
            child.kill()
            deadline = time.monotonic() + 60
            while any(map(lives, processes)):  # what serve started ends with it
                assert time.monotonic() < deadline
                time.sleep(0.2)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"correct-horse" not in kept and IN_BASE64.encode() not in kept
    assert b"unencrypted" in kept


def check_who_is_let_in(url: str) -> None:
    for path, body in (("admin/version", None), ("flow_runs/filter", {}), ("deployments/filter", {})):
        for wrong in (None, "", "reader:wrong"):
            assert ask(f"{url}/api/{path}", wrong, body)[0] == 401, (path, wrong)
        assert ask(f"{url}/api/{path}", WORDS, body)[0] == 200, path
    shown = json.loads(ask(f"{url}/ui-settings")[1])
    assert (shown["auth"], shown["api_url"]) == ("BASIC", "/api"), (
        "its pages ask for them, wherever they are read"
    )


def check_a_run(url: str) -> None:
    """The worker takes a run, whose own process tells the server how it ended."""
    made = json.loads(ask(f"{url}/api/deployments/name/collect/{SOURCE}", WORDS)[1])["id"]
    run = json.loads(ask(f"{url}/api/deployments/{made}/create_flow_run", WORDS, {})[1])["id"]

    def state() -> bool:
        return json.loads(ask(f"{url}/api/flow_runs/{run}", WORDS)[1])["state_type"] == "COMPLETED"

    wait_for("the end of a run", state, 180)
