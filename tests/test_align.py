"""Where an article has a post's text: exact where it is there, nowhere where it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embedarchive.align import Alignment, align
from embedarchive.judging import judge_reference
from embedarchive.models import (
    Alternative,
    Author,
    Capture,
    Claim,
    Document,
    Embed,
    Level,
    Outcome,
    Payload,
    Reference,
    Span,
    Target,
)
from embedarchive.scan import scan
from embedarchive.store import Archive
from tests.command import run
from tests.loopback import Server
from tests.making import make_document
from tests.making_records import ticking
from tests.timing import assert_linear

ATTRIBUTION = "— Sandholm Harbour (@SandholmPort) May 14, 2023"
TARGET = Target("x", "1657692617044922369")
URL = f"https://x.com/SandholmPort/status/{TARGET.post_id}"
LENS = "🚢 The lens is on the barge.\nCome and see it lifted at ten! ☕"
CLOCK = "First full turn since 1983, and it keeps the time."


def around(above: str, below: str) -> tuple[str, Span]:
    start = len(above)
    return above + ATTRIBUTION + below, Span(start, start + len(ATTRIBUTION))


def found(true: str, above: str, below: str = "") -> list[tuple[str, str]]:
    article, attribution = around(above, below)
    return [
        (
            article[slice(*one.before)] if one.before else "",
            article[slice(*one.behind)] if one.behind else "",
        )
        for one in align(true, article, attribution)
    ]


@pytest.mark.parametrize(
    ("true", "above", "below", "expected"),
    [
        (LENS, f"The office said on Sunday: {LENS}\n", "", (LENS, "")),
        (LENS, f"It is near.\n\n{LENS} pic.twitter.com/Qw7LmT2xVd\n", "",
         (f"{LENS} pic.twitter.com/Qw7LmT2xVd", "")),
        (LENS, "It is near.\n", f"\n{LENS} pic.twitter.com/Qw7LmT2xVd\nMore soon.",
         ("", f"{LENS} pic.twitter.com/Qw7LmT2xVd")),
        (LENS, "🚢 The lens is on the barge.\n", "\nCome and see it lifted at ten! ☕\nMore.",
         ("🚢 The lens is on the barge.", "Come and see it lifted at ten! ☕")),
        # Marks, quotes, accents, case, links and escapes are not what tells texts apart.
        ("«Ünder the Réd bridge & on», see https://t.co/AbCdEfGh12",
         "> Prose.\n>\n> \"UNDER the **Red bridge &amp; on\", see [x.co](https://x.co/1)\n> ", "",
         ("UNDER the **Red bridge &amp; on\", see [x.co](https://x.co/1)", "")),
        ("灯台のレンズが戻りました。", "港の記事\n灯台のレンズが戻りました。\n", "",
         ("灯台のレンズが戻りました。", "")),
        # A short text has to begin its line.
        ("Yes!", "He wrote:\nYes!\n", "", ("Yes!", "")),
        # A picture alone: the prose above it is the article's.
        ("", "So they went.\npic.twitter.com/Qw7LmT2xVd\n", "", ("pic.twitter.com/Qw7LmT2xVd", "")),
        # The head is the same, an editor changed a word.
        (CLOCK, "The firm filmed it. First full turn since 1983 and it keeps time.\n", "",
         ("First full turn since 1983 and it keeps time.", "")),
    ],
)  # fmt: skip
def test_where_the_text_is(true: str, above: str, below: str, expected: tuple[str, str]) -> None:
    assert found(true, above, below)[0] == expected


@pytest.mark.parametrize(
    ("true", "above", "below"),
    [
        (LENS, "Nothing of the kind was said here.\n", ""),
        ("", "The lens is on the barge.\n", ""),
        ("Yes!", "He said: yes!\n", ""),
        ("no", "She plays the piano\n", ""),
    ],
)
def test_where_it_is_not(true: str, above: str, below: str) -> None:
    assert found(true, above, below) == []


PROSE = st.text(st.characters(categories=["L", "Nd", "P", "Zs", "So"]), max_size=60)


@given(above=PROSE, below=PROSE, cut=st.integers(0, len(LENS)))
@example(above="", below="", cut=0)
def test_a_long_text_is_found_wherever_it_was_cut(above: str, below: str, cut: int) -> None:
    head, tail = LENS[:cut], LENS[cut:]
    article, attribution = around(f"{above}\n{head}\n", f"\n{tail}\n{below}")
    (only,) = align(LENS, article, attribution)
    assert only.text_in(article).split() == LENS.split() or cut not in (0, len(LENS))
    letters = [c for c in only.text_in(article) if c.isalnum()]
    assert letters == [c for c in LENS if c.isalnum()]


@given(true=st.text(max_size=80), above=st.text(max_size=200), below=st.text(max_size=200))
def test_spans_lie_around_the_attribution(true: str, above: str, below: str) -> None:
    article, attribution = around(above, below)
    for one in align(true, article, attribution):
        assert isinstance(one, Alignment)
        assert one.before or one.behind
        if one.before:
            assert 0 <= one.before.start <= one.before.end <= attribution.start
        if one.behind:
            assert attribution.end <= one.behind.start <= one.behind.end <= len(article)
        assert one.start <= one.end


@pytest.mark.parametrize("text", ["a" * 4000, "ab " * 4000, "é" * 4000, "a.b/" * 1500])
def test_hostile_texts_take_no_time(text: str) -> None:
    def run(size: int) -> None:
        part = text[:size]
        article, attribution = around(part * 3, part * 3)
        list(align(part + "z", article, attribution))

    assert_linear(run, int, len(text) // 4)


# --- judging with what was found -----------------------------------------------------------------


def capture(
    text: str, *, day: int = 1, handle: str = "SandholmPort", codes: tuple[str, ...] = ()
) -> Capture:
    embed = Embed(TARGET, Author(handle, "Sandholm Harbour"), text, codes=codes)
    return Capture(
        TARGET,
        "syndication",
        Outcome.AVAILABLE,
        datetime(2024, 1, day, tzinfo=UTC),
        Payload("sha256:00", b"", "u", 200, {}),
        embed,
    )


def flattened(document: Document) -> Reference:
    (reference,) = [one for one in scan(document) if one.form == "flattened"]
    return reference


DISPLACED = f"""The harbour office wrote about the lens, and about the barge that brought it.

The lens is on the barge.
{ATTRIBUTION}
Come and see it lifted at ten, by the old crane at the head of the pier.

The tower is open on Saturdays.
"""
TRUE = """The lens is on the barge.
Come and see it lifted at ten, by the old crane at the head of the pier."""


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_text_behind_the_attribution_is_found_and_verified(media_type: str) -> None:
    html = DISPLACED.replace("\n", "<br>\n")
    document = make_document(html if media_type == "text/html" else DISPLACED, media_type)
    reference = flattened(document)
    assert (reference.claim.text or "").strip() == "The lens is on the barge."
    judgement = judge_reference(reference, [capture(TRUE)], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.VERIFIED
    correction = judgement.evidence["correction"]
    assert isinstance(correction, dict)
    assert correction["text"].split() == TRUE.split()
    hull = document.text[correction["start"] : correction["end"]]
    assert hull.startswith("The lens is on the barge.")
    assert hull.endswith("at the head of the pier.")
    text = document.text[correction["text_start"] : correction["text_end"]]
    assert text in hull


def test_prose_that_was_read_as_the_post_is_left_out() -> None:
    prose = "They asked the firm, which had this to say about the clockwork:"
    document = make_document(f"Turning\n\n{prose} {CLOCK} {ATTRIBUTION}\n")
    told = f"{prose} {CLOCK}"
    start = document.text.index(told)
    reference = flattened(document)
    claim = replace(reference.claim, text=told, text_span=Span(start, start + len(told)))
    misread = replace(reference, start=start, raw=document.text[start : reference.end], claim=claim)
    judgement = judge_reference(misread, [capture(CLOCK)], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.VERIFIED
    correction = judgement.evidence["correction"]
    assert isinstance(correction, dict)
    assert correction["text"] == CLOCK
    assert document.text[correction["start"] :].startswith(CLOCK)


def test_prose_above_a_lone_picture_is_left_out() -> None:
    prose = "So they went, and this is what they saw."
    document = make_document(f"Turning\n\n{prose}\npic.twitter.com/Qw7LmT2xVd\n{ATTRIBUTION}\n")
    reference = flattened(document)
    told = f"{prose}\npic.twitter.com/Qw7LmT2xVd"
    other = Alternative(0, 9, told, 0.3)
    claim = replace(reference.claim, text=told, alternatives=(other,))
    picture = capture("", codes=("Qw7LmT2xVd",))
    judgement = judge_reference(replace(reference, claim=claim), [picture], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.VERIFIED
    correction = judgement.evidence["correction"]
    assert isinstance(correction, dict)
    assert correction["text"] == "pic.twitter.com/Qw7LmT2xVd"
    assert document.text[: correction["start"]].rstrip().endswith(prose)


def test_a_text_that_is_not_there_stays_disputed() -> None:
    document = make_document(DISPLACED)
    judgement = judge_reference(
        flattened(document), [capture("Not a word of this was ever said by us.")], lambda: document
    )
    assert judgement is not None
    assert judgement.level is Level.DISPUTED
    assert judgement.evidence["difference"]
    assert "correction" not in judgement.evidence


@pytest.mark.parametrize(
    "article",
    [
        f"It said.\n\n{CLOCK}\nNever! It never turned at all.\n{ATTRIBUTION}\n\nNo more.",
        f"It said.\n\nNever! It never turned at all.\n{ATTRIBUTION}\n\nWhat it said: {CLOCK}",
    ],
)
def test_a_true_quotation_nearby_bears_out_no_false_one(article: str) -> None:
    document = make_document(article)
    (reference,) = [one for one in scan(document) if one.form == "flattened"]
    told = "Never! It never turned at all."
    longer = Alternative(0, reference.end, f"{CLOCK}\n{told}", 0.4)
    claim = replace(reference.claim, text=told, alternatives=(longer,))
    false = replace(reference, claim=claim)
    judgement = judge_reference(false, [capture(CLOCK)], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.DISPUTED


def test_a_claim_that_was_not_guessed_asks_for_no_article() -> None:
    claim = Claim(handle="SandholmPort", date=date(2023, 5, 14), text="A fake.")
    reference = Reference(0, 1, "x", "blockquote", "embed", claim)  # type: ignore[arg-type]
    judgement = judge_reference(reference, [capture(TRUE)], lambda: pytest.fail("asked"))
    assert judgement is not None
    assert judgement.level is Level.DISPUTED


def test_a_post_that_changed_since_bears_out_what_it_said() -> None:
    document = make_document(f"\n{CLOCK}\n{ATTRIBUTION}\n")
    before, after = capture(CLOCK), capture(CLOCK, day=9, handle="SandholmHarbour")
    judgement = judge_reference(flattened(document), [before, after], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.VERIFIED
    assert judgement.evidence["captured_at"] == "2024-01-01T00:00:00+00:00"
    judgement = judge_reference(flattened(document), [after], lambda: document)
    assert judgement is not None
    assert judgement.level is Level.DISPUTED


def test_a_corrected_place_is_found_again_in_a_changed_article(tmp_path: Path) -> None:
    db, path = tmp_path / "posts.db", tmp_path / "article.txt"
    with Server() as server:
        server.world.add_post(TARGET.post_id, "SandholmPort", "Sandholm Harbour", TRUE)
        path.write_text(DISPLACED.replace(ATTRIBUTION, f"{ATTRIBUTION} {URL}"), encoding="utf-8")
        for _ in range(2):
            done = run("archive", db, path, endpoints=server.base)
            assert done.returncode == 0, done.stderr
            with Archive.open(db, clock=ticking(), read_only=True) as archive:
                (article,) = archive.articles()
            (stored,) = article.references
            assert stored.resolution.level is Level.VERIFIED
            correction = stored.correction
            assert correction is not None
            assert stored.places == (Span(correction.start, correction.end),)
            shown = article.document.text[slice(*stored.places[0])]
            assert shown.startswith("The lens is on")
            assert shown.endswith("head of the pier.")
            assert stored.reference.claim.text == "The lens is on the barge."
            path.write_text(f"Corrected on Monday.\n\n{path.read_text()}", encoding="utf-8")
    assert "correction" in run("explain", db, TARGET.post_id).stdout
