"""What services answer, as it is kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self

from ..errors import UnexpectedResponse
from ..terms import Outcome
from .claims import Target
from .embeds import Embed


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP exchange, its body decoded and within the cap."""

    url: str
    """The URL asked, as the service knows it (before re-basing on a configured endpoint)."""
    status: int
    headers: Mapping[str, str]
    """Lower-case names; no Set-Cookie."""
    body: bytes = field(repr=False)
    received_at: datetime
    final_url: str = ""
    """After redirects; equal to `url` where there were none."""


def unexpected(
    response: Response, problem: str, *, answered: str | None = None
) -> UnexpectedResponse:
    """The error for an answer not of the documented shape, with its bytes as evidence.

    `answered`: the id of another post that it is about.
    """
    host = response.url.split("/")[2] if response.url.count("/") > 1 else ""
    return UnexpectedResponse(
        f"{host}: {problem[:300]} (status {response.status})",
        host=host,
        url=response.url,
        payload=response.body,
        reason=problem[:300],
        answered=answered,
        answer=response,
    )


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as received, under their digest."""

    digest: str
    body: bytes = field(repr=False)
    url: str
    status: int
    headers: Mapping[str, str]

    @classmethod
    def of(cls, response: Response) -> Self:
        """What is kept of an exchange."""
        return cls(
            digest=f"sha256:{sha256(response.body).hexdigest()}",
            body=response.body,
            url=response.final_url or response.url,
            status=response.status,
            headers=response.headers,
        )


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of one backend at one moment."""

    target: Target
    backend: str
    outcome: Outcome
    captured_at: datetime
    payload: Payload
    embed: Embed | None = None
    """Present exactly where `outcome` is AVAILABLE."""
    reason: str | None = None
    """The service's own words, where it gave any."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not taken, kept as evidence: it says nothing of the post asked for."""

    target: Target
    """The post that was asked for."""
    backend: str
    reason: str
    received_at: datetime
    payload: Payload
    answered: str | None = None
    """The id of the post that it is about instead, where it is about one."""


@dataclass(frozen=True, slots=True)
class RefusedLookup:
    """An answer that a search for a reference's post could not take, kept as evidence."""

    resolver: str
    reason: str
    received_at: datetime
    payload: Payload


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a visit could not get, though it may be there."""

    what: str
    """A backend's name, or the URL of a picture or film."""
    why: str
    is_tried: bool = True
    """Where the run was not to make more requests, nobody was asked."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored capture: a memento."""

    id: int
    capture: Capture


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A media file in the archive."""

    sha256: str
    content_type: str
    """Sniffed: image/jpeg, image/png, image/gif, image/webp or video/mp4."""
    content: bytes = field(repr=False)
    url: str
    """The service's URL, as the embed names it (a larger form of it may have been fetched)."""
    memento: str | None = None
    """The address of a web archive's copy that it is, where its own host no longer had it."""


@dataclass(frozen=True, slots=True)
class KeptMedia:
    """That a post's picture or film was stored."""

    url: str
    sha256: str
    fetched_at: datetime
    memento: str | None
    """As of `StoredMedia`; also None where that was not written down yet."""
