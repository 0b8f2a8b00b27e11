"""A card → a terminal: the same view that the pages show, drawn with rich, every string cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from ..terms import Level
from ._terminal import clean, one_line

if TYPE_CHECKING:
    from ..render.view import Ballot, Card, Medium, Post

_LEVEL_STYLES = {
    Level.CLAIMED: "yellow",
    Level.MATCHED: "cyan",
    Level.OBSERVED: "blue",
    Level.VERIFIED: "green",
    Level.DISPUTED: "bold red",
}
_CHANGES = {"insert": "green", "delete": "red strike", "equal": ""}
WIDTH = 80
"""Columns: longer lines are hard to read, however wide the terminal."""


def draw(card: Card) -> RenderableType:
    """The card as something that rich prints."""
    style = _LEVEL_STYLES[card.level]
    parts: list[RenderableType] = [_post(card.post), Text()]
    if card.absence:
        absence = card.absence
        parts.append(clean(f"{absence.lead} {absence.since.words}: {absence.reason}", "bold red"))
    parts.append(Text.assemble((card.level_word, style), ". ", clean(card.level_sentence)))
    parts += [clean(line, "dim") for line in (card.rule, card.held) if line]
    parts += [clean(line, "red") for line in card.disagreements]
    if card.difference:
        changes = [(clean(change.text).plain, _CHANGES[change.op]) for change in card.difference]
        parts.append(Text.assemble("The difference: ", *changes))
    parts += [clean(line, "yellow") for line in card.refusals]
    for reading in card.readings:
        parts.append(
            clean(f"It may also read ({reading.confidence}): {one_line(reading.text)}", "dim")
        )
    return Panel(
        Group(*parts),
        title=clean(card.key),
        title_align="left",
        border_style=style,
        width=WIDTH,
        padding=(1, 2),
    )


def _post(post: Post) -> RenderableType:
    who = post.byline
    head = Text.assemble(
        clean(one_line(who.name), "bold"),
        clean(f" @{one_line(who.handle)}" if who.handle else "", "dim"),
        clean(f"  {who.verified}" if who.verified else "", "blue"),
    )
    parts: list[RenderableType] = [head]
    if post.replying_to:
        parts.append(clean(f"Replying to {post.replying_to.text}", "dim"))
    body = Text()
    for piece in post.pieces:
        body.append_text(clean(piece.text, "blue" if piece.url else ""))
    parts += [Text(), body] if body.plain else []
    parts += map(_medium, post.media)
    if post.poll:
        parts.append(_poll(post.poll))
    if post.preview:
        parts.append(clean(f"🔗 {one_line(post.preview.title)} {post.preview.domain or ''}", "dim"))
    if post.note:
        note = "".join(piece.text for piece in post.note.pieces)
        parts.append(Panel(clean(note), title=clean(post.note.title), title_align="left"))
    if post.quote:
        parts.append(Panel(_post(post.quote), border_style="dim"))
    foot = [post.date.words] if post.date else []
    foot += [word for word in (post.date_note, post.edits, post.place, *post.counts) if word]
    parts.append(clean("\n" + " · ".join(foot), "dim"))
    if post.url:
        parts.append(clean(post.url, "dim underline"))
    return Group(*parts)


def _medium(medium: Medium) -> Text:
    state = medium.state or ("stored" if medium.image or medium.film else "not stored")
    size = f" {medium.width}×{medium.height}" if medium.width and medium.height else ""
    words = f"[{medium.word}{size}, {state}] {one_line(medium.alt or 'no description provided')}"
    return clean(words, "magenta")


def _poll(poll: Ballot) -> Text:
    lines = []
    for choice in poll.choices:
        share = choice.share or 0
        bar = "█" * (share // 5)
        lines.append(f"{bar:<20} {share:>3}%  {one_line(choice.label)} ({choice.votes or '?'})")
    return clean("\n".join([*lines, poll.state]))
