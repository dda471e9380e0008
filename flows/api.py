"""Questions to a Prefect server over HTTP, for processes that do not import Prefect: it costs them 3 s and 100 MB."""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any

# What clients say to a server that asks, user:password (Prefect's own variable).
CLIENT_WORDS = "PREFECT_API_AUTH_STRING"

# The server is on this machine or named by the user; a proxy for crawling has no part in it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(url: str) -> bool:
    """Whether a Prefect server answers there."""
    try:
        with _opener.open(f"{url}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def lets_in(url: str) -> bool:
    """Whether a Prefect server that is there takes our user and password.

    Raises:
        OSError: it does not answer.
    """
    try:
        with _opener.open(
            urllib.request.Request(f"{url}/api/admin/version", headers=_authorization()), timeout=10
        ):
            return True
    except urllib.error.HTTPError as error:
        return error.code != HTTPStatus.UNAUTHORIZED


def post(url: str, path: str, body: Any) -> Any:
    """What the server answers to a JSON body; None where it has nothing to say.

    Raises:
        OSError: it does not answer, or with an error's status.
    """
    headers = {"content-type": "application/json", **_authorization()}
    request = urllib.request.Request(f"{url}/api{path}", json.dumps(body).encode(), headers)
    with _opener.open(request, timeout=10) as answer:
        said = answer.read()
    return json.loads(said) if said else None


def _authorization() -> dict[str, str]:
    """A team's server may ask for the user's words, which Prefect's own clients take from the same places."""
    if words := os.environ.get(CLIENT_WORDS):
        return {"authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"authorization": f"Bearer {key}"}
    return {}
