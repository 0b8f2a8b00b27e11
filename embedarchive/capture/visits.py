"""What a visit to a post begins with, and what it brought."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from ..errors import UpstreamError
from ..models import Capture, Embed, Refused, StoredMedia, Target, Unfinished
from .media import MediaFailure, media_urls


class Wanted(NamedTuple):
    """A post that is to be visited."""

    target: Target
    handle: str | None
    last: Embed | None = None
    """What its last good capture shows."""
    stored: Collection[str] = ()
    """The URLs of media that are held."""
    lacking: Collection[str] = ()
    """What visits before this one did not get, as of `Unfinished.what`."""

    @property
    def is_for_media(self) -> bool:
        """Whether nothing but pictures and films is lacking: the post need not be asked for."""
        return bool(self.last and self.lacking and media_urls(self.last).issuperset(self.lacking))


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """What one visit to a post brought."""

    target: Target
    captures: tuple[Capture, ...] = ()
    """One for each backend that answered, the most telling one last."""
    failures: tuple[UpstreamError, ...] = ()
    """One for each backend that could not be asked or answered nonsense."""
    refused: tuple[Refused, ...] = ()
    """The answers among the failures that came and were nonsense, or about another post."""
    media: tuple[StoredMedia, ...] = ()
    media_failures: tuple[MediaFailure, ...] = ()
    unfinished: tuple[Unfinished, ...] = ()
    """What another visit may get."""
    is_asked: bool = True
    """The post was asked for, and not only its media."""
    is_cut: bool = False
    """The run was not to make all the requests that it takes."""
