"""A card → what every face of plain words says of it, as lines. Pure; escapes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ..view import Ballot, Card, Medium, Post


def attachments(post: Post) -> Iterator[str]:
    """What stands below a post's text: media, poll, link card, note, place."""
    yield from map(medium_line, post.media)
    if post.poll:
        yield from poll_lines(post.poll)
    if post.preview:
        about = ": ".join(filter(None, (post.preview.title, post.preview.description)))
        yield f"Link: {about}"
    if post.article:
        about = ": ".join(filter(None, (post.article.title, post.article.description)))
        yield f"Article: {about}"
    if post.note:
        yield f"{post.note.title}: {''.join(piece.text for piece in post.note.pieces)}"
    if post.place:
        yield f"Place: {post.place}"
    if post.reposted:
        where = f" ({post.reposted.url})" if post.reposted.url else ""
        yield f"Reposts {post.reposted.text}{where}, which is not held"
    if post.quoted:
        where = f" ({post.quoted.url})" if post.quoted.url else ""
        yield f"Quotes {post.quoted.text}{where}, which is not held{_why(post)}"


def _why(post: Post) -> str:
    gap = f": {post.quoted_gap}" if post.quoted_gap else ""
    words = f". In its place the service said: “{post.quoted_words}”" if post.quoted_words else ""
    return f"{gap}{words}"


def medium_line(medium: Medium) -> str:
    """`Picture: a heron at dawn`."""
    words = " ".join(filter(None, (medium.word, f"({medium.duration})" if medium.duration else "")))
    about = medium.alt or medium.title or "no description provided"
    return f"{words}: {about}"


def poll_lines(poll: Ballot) -> Iterator[str]:
    """The choices with their captured shares, then how far they count."""
    for choice in poll.choices:
        share = "" if choice.share is None else f": {choice.share} % ({choice.votes})"
        yield f"{choice.label}{share}"
    yield poll.state


def standing(card: Card) -> Iterator[str]:
    """How the post is known, what became of it here and there, where the words come from."""
    yield f"{card.level_word}. {card.level_sentence} {card.rule}".rstrip()
    yield from card.disagreements
    if card.taken_down:
        yield f"{card.taken_down.lead} {card.taken_down.at.words}: {card.taken_down.left}."
    if card.absence:
        yield f"{card.absence.lead} {card.absence.since.words}: {card.absence.reason}."
    yield f"{card.held}, captured {card.captured.words}" if card.captured else card.held


def one_line(text: str) -> str:
    """White space collapsed."""
    return " ".join(text.split())
