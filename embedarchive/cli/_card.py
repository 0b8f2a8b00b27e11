"""A card → a terminal: all that the pages show, drawn with rich, every string cleaned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from ..terms import Level
from ._terminal import clean, one_line

if TYPE_CHECKING:
    from ..render.view import (
        Absence,
        Ballot,
        Byline,
        Card,
        Link,
        Medium,
        Note,
        Piece,
        Post,
        Preview,
    )

LEVEL_STYLES = {
    Level.CLAIMED: "yellow",
    Level.MATCHED: "cyan",
    Level.OBSERVED: "blue",
    Level.VERIFIED: "green",
    Level.DISPUTED: "bold red",
}
LEVEL_MARKS = {
    Level.CLAIMED: "○",
    Level.MATCHED: "◐",
    Level.OBSERVED: "●",
    Level.VERIFIED: "◆",
    Level.DISPUTED: "✕",
}
_CHANGES = {"insert": "green underline", "delete": "red strike"}
WIDTH = 80
"""Columns: longer lines are hard to read, however wide the terminal."""


def draw(card: Card) -> RenderableType:
    """The card as something that rich prints."""
    style = LEVEL_STYLES[card.level]
    parts = [*_post(card.post), Text(), *_standing(card)]
    return Panel(
        Group(*parts),
        title=clean(one_line(card.key)),
        title_align="left",
        border_style=style,
        width=WIDTH,
        padding=(1, 2),
    )


# --- the post ------------------------------------------------------------------------------------


def _post(post: Post) -> Iterator[RenderableType]:
    if post.parent_gap or post.parent_words:
        gap = f": {post.parent_gap}" if post.parent_gap else ""
        yield _quiet(f"The post it answers is not held{gap}.{_instead(post.parent_words)}")
    if post.parent:
        yield Panel(
            Group(*_post(post.parent)), title="In reply to", title_align="left", style="dim"
        )
    yield _byline(post.byline)
    if post.replying_to:
        yield _quiet(f"Replying to {post.replying_to.text}", post.replying_to.url)
    if post.thread:
        yield _quiet(f"Part of a thread that begins with {post.thread.text}", post.thread.url)
    if post.pieces:
        yield Text()
        yield _running(post.pieces)
    if post.is_truncated:
        yield _quiet("The text goes on: the source cut this long post here.")
    if post.is_sensitive:
        yield _quiet("Marked as sensitive")
    yield from _attachments(post)
    yield from _related(post)
    yield from _foot(post)


def _related(post: Post) -> Iterator[RenderableType]:
    if post.repost:
        yield Panel(Group(*_post(post.repost)), title="Reposts", title_align="left", style="dim")
    elif post.reposted:
        yield _quiet(f"Reposts {post.reposted.text}, which is not held", post.reposted.url)
    if post.quote:
        yield Panel(Group(*_post(post.quote)), title="Quotes", title_align="left", style="dim")
    elif post.quoted:
        gap = f": {post.quoted_gap}" if post.quoted_gap else ""
        words = _instead(post.quoted_words)
        where = f" {post.quoted.url}" if post.quoted.url else ""
        yield _quiet(f"Quotes {post.quoted.text}{where}, which is not held{gap}.{words}")


def _attachments(post: Post) -> Iterator[RenderableType]:
    for medium in post.media:
        yield _medium(medium)
    if post.poll:
        yield _poll(post.poll)
    if post.preview:
        yield _preview(post.preview)
    if post.article:
        yield Text.assemble(clean("Article: ", "bold"), _preview(post.article))
    if post.note:
        yield _note(post.note)


def _instead(words: str | None) -> str:
    return f" In its place the service said: “{words}”" if words else ""


def _byline(who: Byline) -> Text:
    marks = (
        (who.verified, "blue"),
        (who.label and who.label.text, "magenta"),
        ("Private account" if who.is_protected else None, "magenta"),
    )
    is_named = who.name != f"@{who.handle}"
    return Text.assemble(
        clean(one_line(who.name), "bold"),
        clean(f" @{one_line(who.handle)}" if who.handle and is_named else "", "dim"),
        *(clean(f"  {one_line(words)}", style) for words, style in marks if words),
    )


def _running(pieces: tuple[Piece, ...]) -> Text:
    text = Text()
    for piece in pieces:
        text.append_text(clean(piece.text, "blue" if piece.url else ""))
    return text


def _quiet(words: str, url: str | None = None) -> Text:
    return clean(one_line(f"{words} {url or ''}"), "dim")


def _medium(medium: Medium) -> Text:
    state = medium.state or ("stored" if medium.image or medium.film else "not stored")
    size = f"{medium.width}×{medium.height}" if medium.width and medium.height else None
    facts = (size, medium.duration, medium.views, state)
    kind = f"[{medium.word}: {', '.join(fact for fact in facts if fact)}]"
    owner = f"from {medium.owner.text}" if medium.owner else None
    where = None if medium.image or medium.film else medium.url
    copied = _copied("from", medium.copied)
    alt = medium.alt or "no description provided"
    told = (medium.title, medium.description, alt, owner, copied, where)
    return clean(one_line(f"{kind} {' · '.join(words for words in told if words)}"), "magenta")


def _copied(words: str, copy: Link | None) -> str | None:
    return f"{words} {copy.text} {copy.url or ''}" if copy else None


def _poll(poll: Ballot) -> Text:
    text = Text()
    for choice in poll.choices:
        share = choice.share or 0
        votes = "" if choice.votes is None else f"{share:>3}%  ({choice.votes}) "
        bar = f"{'█' * (share // 5):<20} " if choice.votes is not None else ""
        style = "bold" if choice.is_leading else ""
        most = ", most votes" if choice.is_leading else ""
        text.append_text(clean(f"{bar}{votes}{one_line(choice.label)}{most}\n", style))
    closing = f" · closing {poll.ends.words}" if poll.ends else ""
    length = f" · open for {poll.length}" if poll.length else ""
    text.append_text(clean(f"{poll.state}{closing}{length}", "dim"))
    return text


def _preview(preview: Preview) -> Text:
    head = clean(one_line(f"🔗 {preview.title}"), "bold")
    alt = f"Picture: {preview.image_alt}" if preview.image_alt else None
    copied = _copied("picture from", preview.copied)
    told = (preview.domain, preview.description, alt, copied, preview.url)
    rest = one_line(" · ".join(words for words in told if words))
    return Text.assemble(head, clean(f" {rest}" if rest else "", "dim"))


def _note(note: Note) -> Panel:
    parts = [_running(note.pieces)]
    if note.url:
        parts.append(_quiet(note.url))
    return Panel(Group(*parts), title=clean(one_line(note.title)), title_align="left")


def _foot(post: Post) -> Iterator[Text]:
    for words in (post.edits, post.withheld):
        if words:
            yield _quiet(words)
    if post.newer:
        yield _quiet(post.newer.text, post.newer.url)
    date = post.date and f"{post.date.words}{f' ({post.date_note})' if post.date_note else ''}"
    app = f"sent with {post.app}" if post.app else None
    foot = " · ".join(words for words in (date, post.place, app, *post.counts) if words)
    if foot:
        yield clean(f"\n{one_line(foot)}", "dim")
    if post.url:
        yield clean(post.url, "dim underline")


# --- how it is known -----------------------------------------------------------------------------


def _standing(card: Card) -> Iterator[Text]:
    if card.taken_down:
        lead = f"{card.taken_down.lead} {card.taken_down.at.words}: "
        yield Text.assemble(clean(lead, "bold red"), clean(f"{card.taken_down.left}."))
    if card.absence:
        yield _absence(card.absence, is_held=not card.is_stub)
    mark = f"{LEVEL_MARKS[card.level]} {card.level_word}."
    sentence = " ".join(filter(None, (card.level_sentence, card.rule)))
    yield Text.assemble((mark, LEVEL_STYLES[card.level]), " ", clean(sentence))
    for line in card.disagreements:
        yield clean(line, "red")
    if card.difference:
        changes = [
            Text.assemble(clean(change.text, _CHANGES.get(change.op, "")), " ")
            for change in card.difference
        ]
        yield Text.assemble("The article’s text against the post’s: ", *changes)
    for line in card.refusals:
        yield clean(line, "yellow")
    for reading in card.readings:
        yield _quiet(f"It may also read ({reading.confidence}): {reading.text}")
    if card.remains:
        yield _quiet(f"The article holds in its place: {card.remains}")
    yield _quiet(f"{card.held}{f', captured {card.captured.words}' if card.captured else ''}")
    if card.archived:
        made = f" of {card.archived_on.words}" if card.archived_on else ""
        yield _quiet(f"{card.archived.text}{made}:", card.archived.url)


def _absence(absence: Absence, *, is_held: bool) -> Text:
    quoted = f" “{absence.quoted}”" if absence.quoted else ""
    kept = " What was captured before is kept here." if is_held else ""
    return Text.assemble(
        clean(f"{absence.lead} {absence.since.words}: ", "bold red"),
        clean(one_line(f"{absence.reason}.{quoted}{kept}")),
    )
