"""A card in a terminal: nothing is left out, nothing obeyed, nothing wider than the window."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from embedarchive.cli._card import draw
from embedarchive.render import make_card
from embedarchive.render.view import Card

from .making_embeds import features
from .test_card import hostile_records
from .test_view import card, unseen

FEATURES, _ = features()
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def drawn(card: Card, width: int = 80, colours: str | None = None) -> str:
    out = Console(
        file=io.StringIO(), width=width, color_system=colours, force_terminal=bool(colours),
        markup=False, emoji=False, highlight=False,
    )  # fmt: skip
    out.print(draw(card))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


SEEN_ELSEWHERE = {
    r".*\.avatar_copied\..*": "there is no picture of the author",
    r".*\.(avatar_shape|initial|kind)": "there is no picture of the author, and no box",
    r".*\.(avatar|badge|image|film)\..*": "a file of the archive",
    r".*\.iso": "for machines; its words are shown",
    r".*\.(lang|direction)": "terminals take care of it",
    r".*\.(byline|label|owner)\.url": "the handle is shown",
    r".*\.label\.url": "its words are shown",
    r".*\.media\[.\]\.url": "shown where nothing is stored",
    r".*\.(preview|article)\.(width|height)": "there is no picture",
    r".*\.pieces\[.\]\.url": "coloured, not spelled out",
    r".*\.(network|post_id)": "its address is shown",
    r"\.is_stub": "decides a sentence",
    r"\.linked_data\.html": "for machines",
    r"\.level": "its word is shown",
    r"\.absence\.word": "its lead is shown",
    r"\.difference\[.\]\.op": "colours",
}


def test_each_field_of_a_card_is_drawn() -> None:
    assert unseen(card(), drawn, SEEN_ELSEWHERE) == set()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", FEATURES)
def test_no_line_is_wider_than_the_window(name: str, width: int) -> None:
    lines = drawn(make_card(FEATURES[name]), width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, 80)


def test_hostile_texts_are_shown_and_not_obeyed() -> None:
    payload = "\x1b[2J\x9b31m\u202eevil\x07 [red]x[/red] :smile: \ud800\r\n\t"
    for record in hostile_records(payload):
        text = drawn(make_card(record))
        assert not CONTROLS.search(text)
        assert "[red]" in text
        text.encode()


def test_colours_only_where_they_are_wanted() -> None:
    made = make_card(FEATURES["disputed"])
    assert "\x1b[" in drawn(made, colours="standard")
    assert "\x1b[" not in drawn(made)
