"""Embed → its pictures and films, fetched as large as they are kept and known by their bytes.

What is stored is JPEG, PNG, GIF, WebP or MP4 by its first bytes, whatever the service calls it:
an SVG or a page of HTML would run as code where it is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..errors import TooLarge, UpstreamError
from ..models import Embed, Fetcher, Media, StoredMedia
from .archived import archived

_PHOTO_SIZES = ("orig", "4096x4096", "large", "medium", "small")
"""From the original down; not each photo has each."""

_PHOTOS = "https://pbs.twimg.com/media/"
_STILL_IMAGE_BRANDS = frozenset({b"heic", b"heix", b"heif", b"avif", b"avis", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class MediaFailure:
    """A picture or film that the post names and that is not held."""

    url: str
    problem: str
    error: UpstreamError | None = None
    """Where the service could not be asked; None where it no longer has the file."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    """As the embed names it."""
    tries: tuple[str, ...]
    is_film: bool = False


def fetch_media(
    embed: Embed, fetch: Fetcher, max_bytes: int, stored: Collection[str] = ()
) -> Iterator[StoredMedia | MediaFailure]:
    """All that is shown of the post, what it quotes or repeats and its parent; each URL once.

    What is `stored` under its URL already is left out.

    Photos at their original size, films at the highest bitrate under `max_bytes`, posters,
    avatars and card images; what its host no longer has is looked for in the Wayback Machine.
    What is stored is listed under the URL by which the embed names it.
    """
    seen: set[str] = set()
    for wanted in _wanted(embed):
        is_stored = wanted.url in stored or any(url in stored for url in wanted.tries)
        if wanted.url not in seen and not is_stored:
            seen.add(wanted.url)
            yield _fetch(wanted, fetch, max_bytes)


def media_urls(embed: Embed) -> frozenset[str]:
    """The URLs under which `fetch_media` yields what the embed shows."""
    return frozenset(wanted.url for wanted in _wanted(embed))


def sniff(content: bytes) -> str | None:
    """The media type that the first bytes tell, of those that are stored; else None."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] not in _STILL_IMAGE_BRANDS:
        return "video/mp4"
    return None


def _fetch(wanted: _Wanted, fetch: Fetcher, max_bytes: int) -> StoredMedia | MediaFailure:
    """From its host, or where that no longer has it, a copy from the Wayback Machine."""
    found = _from_host(wanted, fetch, max_bytes)
    if isinstance(found, StoredMedia) or found.error is not None:
        return found
    try:
        copy = archived(wanted.url, fetch, max_bytes)
    except UpstreamError as error:
        return MediaFailure(wanted.url, f"{found.problem}; {error}", error)
    return (copy and _as_stored(copy.body, wanted, wanted.url, memento=copy.url)) or found


def _from_host(wanted: _Wanted, fetch: Fetcher, max_bytes: int) -> StoredMedia | MediaFailure:
    problem, failure = "not found", None
    for url in wanted.tries:
        try:
            response = fetch.get(url, max_bytes=max_bytes)
        except TooLarge as error:
            problem, failure = str(error), error
            continue
        except UpstreamError as error:
            return MediaFailure(wanted.url, str(error), error)
        if response.status != 200:
            problem, failure = f"answered {response.status}", None
            continue
        stored = _as_stored(response.body, wanted, url if wanted.is_film else wanted.url)
        if stored is not None:
            return stored
        problem, failure = "neither a picture nor a film that can be kept", None
    return MediaFailure(wanted.url, problem, failure)


def _as_stored(
    body: bytes, wanted: _Wanted, listed_as: str, memento: str | None = None
) -> StoredMedia | None:
    content_type = sniff(body)
    if content_type is None or content_type.startswith("video/") != wanted.is_film:
        return None
    return StoredMedia(hashlib.sha256(body).hexdigest(), content_type, body, listed_as, memento)


def _wanted(embed: Embed) -> Iterator[_Wanted]:
    for shown in (embed, embed.quote, embed.repost, embed.parent):
        if shown is None:
            continue
        if shown.author.avatar_url:
            yield _avatar(shown.author.avatar_url)
        for url in (shown.author.label_badge_url, shown.card and shown.card.image_url):
            if url:
                yield _Wanted(url, (url,))
        if shown.article and shown.article.image_url:
            yield _Wanted(shown.article.image_url, _sizes(shown.article.image_url))
        for media in shown.media:
            yield _Wanted(media.url, _sizes(media.url))
            yield from _film(media)


def _avatar(url: str) -> _Wanted:
    """The 400 pixel form where the name has one: `_normal` is 48 pixels."""
    larger = url.replace("_normal.", "_400x400.")
    return _Wanted(url, tuple(dict.fromkeys((larger, url))))


def _sizes(url: str) -> tuple[str, ...]:
    """A photo's URLs from the original down; the extension stays, since it names the original.

    Only `media/` has sizes; stills of films are what they are.
    """
    if not url.startswith(_PHOTOS):
        return (url,)
    base, _, query = url.partition("?")
    base = _PHOTOS + base.removeprefix(_PHOTOS).partition(":")[0]
    for part in query.split("&"):
        if part.startswith("format="):
            base += f".{part.removeprefix('format=')}"
    return tuple(f"{base}?name={size}" for size in _PHOTO_SIZES)


def _film(media: Media) -> Iterator[_Wanted]:
    """The MP4 with the highest bitrate, lower ones where it is too large.

    HEVC is left out: few browsers play it. A playlist is no file.
    """
    films = [
        variant
        for variant in media.variants
        if variant.content_type == "video/mp4" and "/hevc/" not in variant.url
    ]
    films.sort(key=lambda variant: variant.bitrate or 0, reverse=True)
    if films:
        yield _Wanted(films[0].url, tuple(film.url for film in films), is_film=True)
