"""Small web servers on loopback for tests: paths with answers, or with a coroutine that misbehaves on the wire."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Seen:
    """One request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """A well-behaved answer; Content-Length is added."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


Wire = Callable[[asyncio.StreamWriter], Awaitable[None]]
Reply = Answer | Wire | Callable[[Seen], "Answer | Wire"]


@dataclass
class Site:
    """A server on its own thread; `with Site({...}) as site:`. Unknown paths get `otherwise`."""

    replies: dict[str, Reply]
    host: str = "127.0.0.1"
    otherwise: Reply = Answer(b"not found", 404)
    seen: list[Seen] = field(default_factory=list)
    n_open: int = 0
    most_open: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.netloc}{path}"

    def paths(self, prefix: str = "/") -> list[str]:
        """The paths asked for so far, robots.txt left out."""
        return [
            seen.path for seen in self.seen if seen.path != "/robots.txt" and seen.path.startswith(prefix)
        ]

    def times(self) -> list[float]:
        return [seen.at for seen in self.seen]

    def _serve(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._handle, self.host, 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        try:
            while True:
                seen = await _request(reader)
                self.seen.append(seen)
                reply = self.replies.get(seen.path, self.otherwise)
                if callable(reply) and not asyncio.iscoroutinefunction(reply):
                    reply = reply(seen)  # type: ignore[assignment,arg-type]
                if isinstance(reply, Answer):
                    writer.write(wire_bytes(reply))
                    await writer.drain()
                    continue
                await reply(writer)  # type: ignore[arg-type,misc]
                break
        except (
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            asyncio.CancelledError,
            ConnectionError,
        ):
            pass
        finally:
            self.n_open -= 1
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(method, path, headers, time.monotonic(), body)


def wire_bytes(answer: Answer) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
    head = f"HTTP/1.1 {answer.status} Status\r\n{lines}Content-Length: {len(answer.body)}\r\n\r\n"
    return head.encode() + answer.body


def report_page(title: str, extra: str = "") -> bytes:
    """A page of a length that no rule takes for a stub or a challenge."""
    text = f"<p>{title}：一年来，全局上下围绕中心工作，扎实推进各项任务，取得了新的成效。</p>" * 20
    html = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>"
    return f"{html}<div class='article'>{text}</div>{extra}</body></html>".encode()


def list_page(
    rows: Iterable[tuple[str, str, str]], n_pages: int = 1, page: int = 0, extra: str = ""
) -> bytes:
    """A column page in the manner of TRS: rows of (href, title, date) and a createPageHTML call."""
    items = "".join(f'<li><a href="{h}" title="{t}">{t}</a><span>{d}</span></li>' for h, t, d in rows)
    script = f'<script>createPageHTML({n_pages}, {page}, "index", "html");</script>'
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'><title>规划计划</title></head><body>"
    padding = "<div class='foot'>主办单位：云和县人民政府办公室　网站标识码：0000000000</div>" * 6
    return f"{head}<ul class='list'>{items}</ul>{script}{extra}{padding}</body></html>".encode()
