"""References, captures and a clock for tests of the archive, made from little."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from embedarchive.models import (
    Author,
    Capture,
    Claim,
    Document,
    Embed,
    Kind,
    Outcome,
    Payload,
    Reference,
    Refused,
    StoredMedia,
    Target,
)

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def ticking(start: datetime = START) -> Callable[[], datetime]:
    """A clock that is a second later each time it is asked."""
    now = start

    def clock() -> datetime:
        nonlocal now
        now += timedelta(seconds=1)
        return now

    return clock


def make_reference(
    document: Document,
    words: str,
    *,
    form: str = "flattened",
    kind: Kind = Kind.EMBED,
    **claim: Any,
) -> Reference:
    """A reference whose place is where `words` first stand in the document."""
    start = document.text.index(words)
    return Reference(start, start + len(words), words, form, kind, Claim(**claim))


def make_embed(target: Target, text: str = "Rain at last.", **more: Any) -> Embed:
    more.setdefault("author", Author(handle="Vaelkanor", name="Vael Kanor"))
    return Embed(target=target, text=text, **more)


def make_capture(
    target: Target,
    embed: Embed | None = None,
    *,
    outcome: Outcome | None = None,
    body: bytes | None = None,
    at: datetime = START,
    backend: str = "syndication",
) -> Capture:
    """A visit: AVAILABLE with an embed, DELETED without one, unless said otherwise."""
    if body is None:
        body = f'{{"id": "{target}", "text": "{embed.text if embed else ""}"}}'.encode(
            errors="backslashreplace"
        )
    return Capture(
        target=target,
        backend=backend,
        outcome=outcome or (Outcome.DELETED if embed is None else Outcome.AVAILABLE),
        captured_at=at,
        payload=Payload(
            digest=f"sha256:{sha256(body).hexdigest()}",
            body=body,
            url="https://cdn.example/tweet-result?id=1",
            status=200,
            headers={"content-type": "application/json"},
        ),
        embed=embed,
    )


def make_refused(
    target: Target,
    body: bytes = b"<html>",
    *,
    answered: str | None = None,
    at: datetime = START,
    backend: str = "syndication",
) -> Refused:
    """An answer that was not taken."""
    capture = make_capture(target, body=body, at=at, backend=backend)
    reason = f"asked for post {target.post_id}, answered {answered}"
    return Refused(target, backend, reason, at, capture.payload, answered)


def make_media(content: bytes = b"\x89PNG fake", url: str = "https://img.example/1") -> StoredMedia:
    return StoredMedia(sha256(content).hexdigest(), "image/png", content, url)
