"""WARC records made by hand, so that each byte of them can be wrong."""

from __future__ import annotations

import hashlib
from base64 import b32encode

POST = "https://x.com/SandholmPort/status/1657692617044922369"
PAGE = f"<p>The lens is on the barge: <a href='{POST}'>see</a>.</p>".encode()


def record(
    content: bytes = PAGE,
    *,
    kind: str = "response",
    url: str = "https://news.example/1",
    http: str | None = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8",
    content_type: str = "text/plain",
    digest: bytes | None = None,
    length: int | None = None,
) -> bytes:
    """One record; `digest` is what the block digest is made of, where not of the block."""
    block = (f"{http}\r\n\r\n".encode() if http else b"") + content
    made_of = block if digest is None else digest
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{abs(hash(block)) % 10**12:012}>\r\n"
        f"WARC-Target-URI: {url}\r\n"
        f"Content-Type: {'application/http; msgtype=response' if http else content_type}\r\n"
        f"WARC-Block-Digest: sha1:{b32encode(hashlib.sha1(made_of).digest()).decode()}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
