"""Media, polls and link cards → what they show; which stored files a page may show. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..models import AttachedArticle, LinkCard, Media, MediaFile, Poll
from . import mementos, words
from .view import Ballot, Choice, Link, Medium, Preview

MediaFiles = Mapping[str, MediaFile]
"""The service's media URL → the stored file."""

# A page may link to nothing but the web: no other scheme, no white space, nothing a browser strips.
_WEB_URL = re.compile(r"https?://[^\s\x00-\x20\x7f\"<>\\`]{1,4000}", re.IGNORECASE)
_MEDIA_PAGE = re.compile(r"https://(?:x|twitter)\.com/([A-Za-z0-9_]{1,20})/status/[0-9]{1,20}")

DISPLAYABLE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"})
"""The sniffed types that a page may show; SVG runs script and is none of them."""


def web_url(url: str | None) -> str | None:
    """The URL if a page may link to it, else None."""
    return url if url is not None and _WEB_URL.fullmatch(url) else None


def stored_file(files: MediaFiles, url: str | None) -> MediaFile | None:
    """The stored file behind a service's URL, if it is of a type that a page may show."""
    file = files.get(url) if url else None
    return file if file and file.content_type in DISPLAYABLE else None


def image_file(files: MediaFiles, url: str | None) -> MediaFile | None:
    file = stored_file(files, url)
    return file if file and file.content_type.startswith("image/") else None


def copied(file: MediaFile | None) -> Link | None:
    """Which copy in a web archive a stored file is; None where it came from its own host."""
    if file is None or file.memento is None:
        return None
    url, made = mementos.shown(file.memento)
    return Link(words.copy_words(made), web_url(url))


def medium_view(medium: Media, handle: str, files: MediaFiles) -> Medium:
    image = image_file(files, medium.url)
    films = (stored_file(files, variant.url) for variant in medium.variants)
    film = next((file for file in films if file and file.content_type == "video/mp4"), None)
    return Medium(
        kind=medium.type,
        word=words.media_word(medium.type),
        image=image,
        film=film,
        alt=medium.alt or None,
        width=medium.width,
        height=medium.height,
        duration=None if medium.duration_ms is None else words.duration(medium.duration_ms),
        url=web_url(medium.page_url) or web_url(medium.url),
        state=_state(medium, image, film),
        title=medium.title,
        description=medium.description,
        owner=_owner(medium, handle),
        views=None if medium.views is None else words.number(medium.views, "view", "views"),
        copied=copied(film) or copied(image),
    )


def _state(medium: Media, image: MediaFile | None, film: MediaFile | None) -> str | None:
    if medium.availability != "available":
        return words.unavailable(medium.availability)
    if medium.type == "photo":
        return None if image else "not stored"
    if film:
        return None
    return "not stored; this is its first frame" if image else "not stored"


def _owner(medium: Media, handle: str) -> Link | None:
    """The service's page URL names the post that owns the media, which may be another's."""
    found = _MEDIA_PAGE.match(medium.page_url or "")
    if not found or found[1].lower() in (handle.lower(), "i"):
        return None
    return Link(f"@{found[1]}", web_url(medium.page_url))


def ballot(poll: Poll) -> Ballot:
    total = sum(choice.votes or 0 for choice in poll.choices)
    most = max((choice.votes or 0 for choice in poll.choices), default=0)
    are_known = any(choice.votes is not None for choice in poll.choices)
    tally = f"{words.number(total, 'vote', 'votes')} when captured" if are_known else ""
    return Ballot(
        choices=tuple(
            Choice(
                label=choice.label,
                share=None if choice.votes is None else _percent(choice.votes, total),
                votes=None if choice.votes is None else f"{choice.votes:,}",
                is_leading=most > 0 and choice.votes == most,
            )
            for choice in poll.choices
        ),
        state=f"{tally or 'Votes not known'}, {'final' if poll.is_final else 'not final'}",
        ends=None if poll.ends_at is None else words.moment(poll.ends_at),
        length=_length(poll),
    )


def _length(poll: Poll) -> str | None:
    if poll.ends_at is not None or not poll.duration_minutes:
        return None
    for minutes, one, many in (
        (1440, "day", "days"),
        (60, "hour", "hours"),
        (1, "minute", "minutes"),
    ):
        if poll.duration_minutes % minutes == 0:
            return words.number(poll.duration_minutes // minutes, one, many)
    return None


def _percent(part: int, total: int) -> int:
    return (200 * part + total) // (2 * total) if total > 0 else 0


def preview(card: LinkCard, files: MediaFiles) -> Preview:
    image = image_file(files, card.image_url)
    return Preview(
        title=card.title or card.domain or card.url or "Link",
        url=web_url(card.url),
        domain=card.domain,
        description=card.description,
        image=image,
        image_alt=card.image_alt,
        width=card.image_width,
        height=card.image_height,
        copied=copied(image),
    )


def article_head(article: AttachedArticle, files: MediaFiles) -> Preview:
    image = image_file(files, article.image_url)
    return Preview(
        title=article.title,
        url=None,
        domain=None,
        description=article.preview,
        image=image,
        image_alt=None,
        width=article.image_width,
        height=article.image_height,
        copied=copied(image),
    )
