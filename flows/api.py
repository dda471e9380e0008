"""Questions to a Prefect server over HTTP, for processes that do not import Prefect: it costs them 3 s and 100 MB."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from typing import Any

# The server is on this machine or named by the user; a proxy for crawling has no part in it.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_healthy(url: str) -> bool:
    """Whether a Prefect server answers there."""
    try:
        with _opener.open(f"{url}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


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
    if words := os.environ.get("PREFECT_API_AUTH_STRING"):
        return {"authorization": f"Basic {base64.b64encode(words.encode()).decode()}"}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"authorization": f"Bearer {key}"}
    return {}
