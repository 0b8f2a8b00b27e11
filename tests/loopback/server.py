"""One threaded HTTP/1.1 server on 127.0.0.1: a request in, the world's answer out."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from .services import answer
from .world import Asked, Reply, World


class Server:
    """Serves a world until closed; `base` is the value of the endpoint `*`."""

    def __init__(self, world: World | None = None, port: int = 0) -> None:
        self.world = world or World()
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.world = self.world
        self.base = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.endpoints = {"*": self.base}
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.is_closing = True
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    world: World
    is_closing = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one piece
    timeout = 30
    server: _Http

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        host, _, path = unquote(parts.path).lstrip("/").partition("/")
        asked = Asked(
            host=host.lower(),
            path=f"/{path}",
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        world = self.server.world
        world.asked.append(asked)
        self._send(world.faulty(asked) or answer(world, asked))

    def _send(self, reply: Reply) -> None:
        if reply.is_cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        lines = [f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        length = len(reply.body) if reply.length is None else reply.length
        lines += [f"Content-Length: {length}", "", ""]
        data = "\r\n".join(lines).encode("latin-1") + reply.body
        if reply.length is not None:
            self.close_connection = True
        if not reply.drip:
            self.wfile.write(data)
            return
        for byte in data:
            if self.server.is_closing:
                break
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(reply.drip)

    def log_message(self, format: str, *args: object) -> None:
        """The tests print their own failures."""
