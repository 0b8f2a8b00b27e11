"""Texts and pages that hold no embed → what is called one there all the same. Prints nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from _citations import DATES, FAMILIES, FILLERS, HANDLES, NAMES, SENTENCES, TITLES

from embedarchive.tokenizer import END, START, tokenize

_JOINTS = ("\n\n", "\n", " ", "\r\n\r\n")


def build_citations(count: int = 10_000) -> Iterator[str]:
    """Texts that cite handles and dates and embed nothing; the same ones in each run."""
    draw = random.Random(20_190_303)
    for _ in range(count):
        cited = [draw.choice(draw.choice(FAMILIES)) for _ in range(draw.randint(1, 4))]
        pieces = [*cited, *draw.choices(FILLERS, k=draw.randint(0, 5))]
        draw.shuffle(pieces)
        joint = draw.choice(_JOINTS)
        # `Name (@handle)` right before a date, or behind a line that ends openly, may be anything.
        for at in range(len(pieces) - 1, 0, -1):
            is_open = joint == " " and not pieces[at - 1].endswith((".", "!", "?", "。"))
            if is_open or (pieces[at].startswith("{date}") and pieces[at - 1].endswith(")")):
                pieces.insert(at, draw.choice(SENTENCES))
        yield joint.join(_fill(piece, draw) for piece in pieces)


def _fill(template: str, draw: random.Random) -> str:
    return template.format(
        name=draw.choice(NAMES),
        name2=draw.choice(NAMES),
        handle=draw.choice(HANDLES),
        handle2=draw.choice(HANDLES),
        date=draw.choice(DATES),
        date2=draw.choice(DATES),
        title=draw.choice(TITLES),
        title2=draw.choice(TITLES),
    )


def without_embeds(html: str, embeds: Iterable[dict[str, Any]]) -> str:
    """A page without the blockquotes that hold its gold embeds."""
    ids = [embed["id"] for embed in embeds]
    kept, at = [], 0
    for start, end in _quotes(html):
        if start >= at and any(post_id in html[start:end] for post_id in ids):
            kept.append(html[at:start])
            at = end
    return "".join([*kept, html[at:]])


def _quotes(html: str) -> list[tuple[int, int]]:
    """The innermost blockquotes of a page; one without an end tag ends where the next begins."""
    quotes, opened = [], None
    for token in tokenize(html):
        if token.name != "blockquote" or token.kind not in (START, END):
            continue
        if opened is not None:
            quotes.append((opened, token.end if token.kind == END else token.start))
        opened = token.start if token.kind == START else None
    return quotes
