"""Where a tweet's text ends when that is not at its attribution."""

from __future__ import annotations

import pytest

from embedarchive.flattened.attributions import find_attributions
from embedarchive.flattened.ends import text_behind, without_advertisement
from embedarchive.flattened.model import Candidate

ATTRIBUTION = "— Ada Quill (@adaquill) May 4, 2022"
SHORT_LINK = "pic.twitter.com/AbCdEfGhI0"


def _behind(above: str, below: str) -> tuple[str, bool] | None:
    text = f"{above}\n{ATTRIBUTION}{below}"
    attribution = find_attributions(text)[0]
    found = text_behind(text, attribution, Candidate(0, len(above), 0.9), len(text))
    return None if found is None else (text[found.start : found.end], found.is_shown)


@pytest.mark.parametrize(
    ("below", "behind"),
    [
        ("", None),
        ("\n\nA new paragraph", None),
        ("Glued to the line", None),
        ("\n- a list item", None),
        ("\nOne line.\nAnother line.", ("One line.", False)),
        (f"\nOne line.\nAnother. {SHORT_LINK}\nMore", (f"One line.\nAnother. {SHORT_LINK}", True)),
        (f"\nOne line.\n\nAnother. {SHORT_LINK}\nMore", ("One line.", False)),
        (f"\nOne line. {SHORT_LINK}\n— Bob (@bob) May 4, 2022", (f"One line. {SHORT_LINK}", False)),
        ("\n" + "far too long for a post " * 20, None),
    ],
)
def test_text_behind_an_attribution(below: str, behind: tuple[str, bool] | None) -> None:
    assert _behind("The ferry sank.", below) == behind


def test_a_text_of_many_lines_was_not_displaced() -> None:
    assert _behind("The ferry\nsank.", f"\nAll were saved. {SHORT_LINK}\nMore") is None


def test_an_advertisement_is_cut_off() -> None:
    advertisement = " × " + "Buy a very good book about ferries and harbours now. " * 7
    tweet = f"The ferry sank. {SHORT_LINK}"
    text = f"Before.\n{tweet}{advertisement}"
    cut = without_advertisement(text, Candidate(len(text) - 40, len(text), 0.8, ("one-line",)))
    assert text[cut.start : cut.end] == tweet
    assert cut.flags == ("one-line", "text-cut")


def test_another_post_is_not_cut_back_to() -> None:
    other = f"The ferry sank. {SHORT_LINK} {ATTRIBUTION}"
    text = f"{other} {'The council met again and put off what it had put off before. ' * 6}"
    above = Candidate(len(other), len(text), 0.8)
    assert without_advertisement(text, above, len(other)) is above


@pytest.mark.parametrize("behind", ["", " and a few words", " — "])
def test_words_that_fit_stay(behind: str) -> None:
    text = f"The ferry sank. {SHORT_LINK}{behind}"
    above = Candidate(0, len(text), 0.8)
    assert without_advertisement(text, above) is above
