"""One place, one reference; and the first real article."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.joining import merge
from embedarchive.marks import restore, wrap
from embedarchive.models import Claim, Kind, Reference, Span
from embedarchive.scan import scan
from tests.making import make_document
from tests.shared import shared

TEXT = (
    "Before. The text of it — Some Name (@some_name) May 14, 2023 https://x.com/a/status/1 After."
)


def reference(
    start: int,
    end: int,
    *,
    form: str = "form",
    kind: Kind = Kind.EMBED,
    **claim: object,
) -> Reference:
    return Reference(start, end, TEXT[start:end], form, kind, Claim(**claim))  # type: ignore[arg-type]


def test_the_reading_with_the_id_wins_and_learns_the_rest() -> None:
    flat = reference(
        8, 60, form="flattened", handle="Some_Name", name="Some Name", text="The text of it",
        text_span=Span(8, 22), date=date(2023, 5, 14), codes=("AbCdEfGhIj",), confidence=0.7,
    )  # fmt: skip
    link = reference(
        61, 85, form="url", kind=Kind.LINK, post_id="1657692617044922369", handle="some_name"
    )
    inside = reference(40, 60, form="url", kind=Kind.LINK, post_id="1657692617044922369")
    (one,) = merge([flat, inside], TEXT)
    assert (one.start, one.end, one.raw) == (8, 60, TEXT[8:60])
    assert one.claim.post_id == "1657692617044922369"
    assert (one.claim.text, one.claim.codes, one.kind) == (
        "The text of it",
        ("AbCdEfGhIj",),
        Kind.EMBED,
    )
    # The URL stands behind the text with a blank between: the day in its id is the printed one.
    (one,) = merge([flat, link], TEXT)
    assert (one.start, one.end) == (8, 85)
    assert one.parts == (Span(8, 60), Span(61, 85))


def test_a_neighbour_of_another_day_or_author_stays_apart() -> None:
    flat = reference(8, 60, handle="some_name", date=date(2023, 5, 15))
    link = reference(61, 85, kind=Kind.LINK, post_id="1657692617044922369", handle="some_name")
    assert len(merge([flat, link], TEXT)) == 2
    flat = reference(8, 60, handle="some_name", date=date(2023, 5, 14))
    link = reference(61, 85, kind=Kind.LINK, post_id="1657692617044922369", handle="other")
    assert len(merge([flat, link], TEXT)) == 2


def test_a_link_inside_an_embedded_post_is_part_of_it() -> None:
    outer = reference(0, 90, post_id="1657692617044922369", handle="a")
    inner = reference(61, 85, kind=Kind.LINK, post_id="961873735709642753", handle="b")
    assert merge([outer, inner], TEXT) == [outer]
    flat = reference(8, 60, handle="some_name", date=date(2023, 5, 14))
    inner = reference(10, 20, kind=Kind.LINK, post_id="961873735709642753", handle="b")
    assert merge([flat, inner], TEXT) == [flat]


def test_two_posts_side_by_side_are_two() -> None:
    first = reference(0, 30, post_id="1657692617044922369")
    second = reference(30, 60, post_id="961873735709642753")
    assert merge([second, first], TEXT) == [first, second]


def test_the_same_post_twice_in_two_places_is_two_references() -> None:
    first = reference(0, 10, post_id="1657692617044922369")
    second = reference(40, 60, post_id="1657692617044922369")
    assert merge([first, second], TEXT) == [first, second]


IDS = ["1657692617044922369", "961873735709642753", None]


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(TEXT)),
            st.integers(0, 40),
            st.sampled_from(IDS),
            st.sampled_from(list(Kind)),
        ),
        max_size=12,
    ),
    st.randoms(),
)
def test_merging_keeps_spans_true_and_does_not_depend_on_order(
    places: list[tuple[int, int, str | None, Kind]], shuffler: random.Random
) -> None:
    found = [
        reference(start, min(start + length, len(TEXT)), kind=kind, post_id=post_id)
        for start, length, post_id, kind in places
    ]
    merged = merge(found, TEXT)
    assert all(TEXT[r.start : r.end] == r.raw for r in merged)
    assert [r.start for r in merged] == sorted(r.start for r in merged)
    assert {r.claim.post_id for r in merged} <= {r.claim.post_id for r in found}
    shuffled = list(found)
    shuffler.shuffle(shuffled)
    assert merge(shuffled, TEXT) == merged


def test_the_first_real_article() -> None:
    text = shared("articles/pyongyang.txt").read_text(encoding="utf-8")
    first, second = scan(make_document(text))
    assert first.claim.text == (
        "Russian President Vladimir Putin visits North Korea for the first time in 24 years"
        " for summit with Kim Jong-Un\n"
        "They later argued over who goes in the car first pic.twitter.com/8j2608jiUy"
    )
    assert first.raw == f"{first.claim.text}\n— The Wave (@_thewavetv) June 18, 2024"
    assert (first.claim.name, first.claim.handle) == ("The Wave", "_thewavetv")
    assert (first.claim.date, first.claim.codes) == (date(2024, 6, 18), ("8j2608jiUy",))
    assert second.claim.text == (
        "JUST IN: 🇰🇵 🇷🇺 North Korea begins welcome ceremony for Russian President Putin."
        " pic.twitter.com/MWylB4YDQf"
    )
    assert second.raw == f"{second.claim.text}\n— BRICS News (@BRICSinfo) June 19, 2024"
    assert (second.claim.name, second.claim.handle) == ("BRICS News", "BRICSinfo")
    assert (second.claim.date, second.claim.codes) == (date(2024, 6, 19), ("MWylB4YDQf",))
    for found in (first, second):
        assert (found.kind, found.claim.network, found.target) == (Kind.EMBED, "x", None)
        assert found.claim.text_span is not None
        start, end = found.claim.text_span
        assert text[start:end] == found.claim.text


def test_the_definition_of_a_link_is_no_second_reference() -> None:
    text = (
        "> The lens is on the barge.\n>\n> — Sandholm Harbour (@SandholmPort) [May 14, 2023][1]\n\n"
        "The tower is open.\n\n"
        "[1]: https://twitter.com/SandholmPort/status/1657692617044922369\n"
        "[2]: https://twitter.com/keeper_notes/status/961873735709642753\n"
    )
    first, second = scan(make_document(text, "text/markdown"))
    assert (first.kind, first.claim.post_id) == (Kind.EMBED, "1657692617044922369")
    assert (second.kind, second.claim.post_id) == (Kind.LINK, "961873735709642753")


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown", "text/html"])
@given(text=st.text(max_size=200))
def test_never_raises(media_type: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    document = make_document(text, media_type)
    for found in scan(document):
        assert document.text[found.start : found.end] == found.raw


MENDED = (
    """<p>Before</p>{}<p>Between https://x.com/dee_knapp/status/1657692617044922370 lies</p>{}"""
)
EMBED = (
    '<blockquote class="twitter-tweet"><p>Tide is in.</p>&mdash; Ada (@ada_quill) '
    '<a href="https://twitter.com/ada_quill/status/1657692617044922369">May 14, 2023</a>'
    "</blockquote>"
)


def test_our_own_cards_are_the_references_they_replaced() -> None:
    card = (
        '<a href="https://x.com/fay/status/1658015607813058562">\u2014 Fay (@fay) May 15, 2023</a>'
    )
    before = scan(make_document(MENDED.format(EMBED, EMBED), "text/html"))
    blocks = wrap(EMBED.encode(), card), wrap(b"<p>no post", card)
    text = MENDED.format(*blocks) + wrap(EMBED.encode(), "")
    after = scan(make_document(text, "text/html"))
    assert [r.claim.post_id for r in after] == ["1657692617044922369", "1657692617044922370"]
    assert after[0].raw == blocks[0]
    assert after[0].claim == replace(before[0].claim, text_span=None)
    assert (after[0].form, after[0].kind) == (before[0].form, before[0].kind)


@given(st.lists(st.sampled_from([EMBED, "<p>x", wrap(EMBED.encode(), "c")])))
def test_a_mended_article_scans_like_the_article(parts: list[str]) -> None:
    text = "".join(parts)
    before = restore(text.encode()).decode()
    was = [r.claim.post_id for r in scan(make_document(before, "text/html"))]
    found = scan(make_document(text, "text/html"))
    assert [r.claim.post_id for r in found] == was
    assert all(text[r.start : r.end] == r.raw for r in found)


NAMED = (
    "https://x.com/some_name/status/{id}",
    '<blockquote class="twitter-tweet"><p lang="en">The text.</p>&mdash; Some Name (@some_name)'
    ' <a href="https://twitter.com/some_name/status/{id}">May 14, 2023</a></blockquote>',
    "[a post](https://twitter.com/some_name/status/{id}) in prose",
)


@settings(deadline=None)  # some hundred kilobytes, twice
@given(
    st.lists(st.tuples(st.sampled_from(NAMED), st.integers(1, 60)), min_size=1, max_size=12),
    st.sampled_from(("text/plain", "text/markdown", "text/html")),
    st.integers(4_000, 9_000),
)
def test_small_windows_find_what_one_finds(
    pieces: list[tuple[str, int]], media_type: str, window: int
) -> None:
    paragraph = "<p>Nothing of note was said at the pier that day.</p>\n\n"
    text = "".join(
        paragraph * filler + piece.format(id=1_650_000_000_000_000_000 + number) + "\n\n"
        for number, (piece, filler) in enumerate(pieces)
    )
    document = make_document(text, media_type)
    whole, windowed = scan(document), scan(document, window=window)
    assert [(r.start, r.end, r.claim) for r in windowed] == [
        (r.start, r.end, r.claim) for r in whole
    ]
    assert all(text[r.start : r.end] == r.raw for r in windowed)


@settings(deadline=None)
@given(st.text(alphabet="ab \n<>@(x.com/stu1", max_size=300), st.integers(1, 40))
def test_any_window_keeps_spans_true(text: str, window: int) -> None:
    found = scan(make_document(text + TEXT * 3, "text/plain"), window=window)
    assert all((text + TEXT * 3)[r.start : r.end] == r.raw for r in found)
    assert [r.start for r in found] == sorted(r.start for r in found)
