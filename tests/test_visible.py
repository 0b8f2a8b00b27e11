"""What a reader saw of a slice of flattened text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.visible import (
    Marks,
    codes_in,
    marks_around,
    visible_name,
    visible_text,
)

MARKDOWN = Marks(is_markdown=True)
QUOTED = Marks(is_markdown=True, is_quoted=True)


@pytest.mark.parametrize(
    ("raw", "marks", "seen"),
    [
        ("> a\n> \n> b", QUOTED, "a\n\nb"),
        ("> a\n>> b", QUOTED, "a\nb"),
        ("> a", Marks(), "> a"),
        ("- a -\n  b  ", Marks(), "- a -\nb"),
        ("a\n\n\n\n\nb", Marks(), "a\n\nb"),
        ("see [pic.twitter.com/AbCdEfGhI0](https://t.co/AbCdEfGhI0)", MARKDOWN,
         "see pic.twitter.com/AbCdEfGhI0"),
        ("see [a][12] <https://t.co/AbCdEfGhI0>", MARKDOWN, "see a https://t.co/AbCdEfGhI0"),
        ("see <https://t.co/AbCdEfGhI0", MARKDOWN, "see https://t.co/AbCdEfGhI0"),
        ("wow ![#ferry](https://x.com/hashtag/ferry)", MARKDOWN, "wow !#ferry"),
        ("wow ![Image](https://pbs.twimg.com/a.jpg) so", MARKDOWN, "wow  so"),
        ("[![Image](https://a.test/b.jpg)](https://x.com/a/status/12)", MARKDOWN, ""),
        (r"mod\_copy \*so\* \> 3 <3", MARKDOWN, "mod_copy *so* > 3 <3"),
        (r"¯\_(ツ)_/¯ [a](b)", Marks(), r"¯\_(ツ)_/¯ [a](b)"),
        ("a &amp; b &lt;3 &copy=1 AT&T", Marks(), "a & b <3 &copy=1 AT&T"),
        ("a (https://t.co/AbCdEfGhI0) (so)", Marks(has_printed_targets=True), "a (so)"),
        ("a [12]#b [3] c", Marks(has_link_numbers=True), "a #b [3] c"),
        ('"a ""b"" c', Marks(is_csv_field=True), 'a "b" c'),
    ],
)  # fmt: skip
def test_only_what_the_extractor_added_is_taken_away(raw: str, marks: Marks, seen: str) -> None:
    assert visible_text(raw, marks) == seen


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("> — A (@a) March 3, 2019", Marks(is_quoted=True)),
        (r"— A (@a\_b) March 3, 2019", Marks(is_markdown=True)),
        ("— A (@a) [March 3, 2019](https://x.com/a/status/1)", Marks(is_markdown=True)),
        ("— A (@a) March 3, 2019 (https://x.com/a/status/1)", Marks(has_printed_targets=True)),
        ("— A (@a) [12]March 3, 2019", Marks(has_link_numbers=True)),
        ("— A (@a) March 3, 2019", Marks()),
    ],
)
def test_marks_are_read_off_the_attribution(text: str, marks: Marks) -> None:
    assert marks_around("above\n" + text + "\nbelow", 8, 6 + len(text)) == marks


def test_names_are_one_line() -> None:
    assert visible_name("\n> Ada \n> Quill\u200f ") == "Ada Quill"
    assert visible_name(r" [Ada \_Q](https://x.com/a)", is_markdown=True) == "Ada _Q"


@pytest.mark.parametrize(
    ("text", "printed", "codes"),
    [
        ("https://t.co/33VjC7bl2opic.twitter.com/4wmp8ZEV1Q", None, ("33VjC7bl2o", "4wmp8ZEV1Q")),
        ("https://t.co/sD2OiPw5ZEhttps://t.co/Ynw2VZjR4G", None, ("sD2OiPw5ZE", "Ynw2VZjR4G")),
        ("[pic.x.com/AbCdEfGhI0](https://t.co/AbCdEfGhI0)", None, ("AbCdEfGhI0",)),
        ("http://t.co/qbJx26r pic.twitter.com/pk464YnT", date(2012, 4, 1), ("qbJx26r", "pk464YnT")),
        ("http://t.co/qbJx26r", date(2013, 4, 1), ()),
        ("https://support.co/AbCdEfGhI0 https://t.co/short", None, ()),
        ("t.co/AbCdEfGhI0", None, ("AbCdEfGhI0",)),
    ],
)
def test_codes_are_cut_exactly(text: str, printed: date | None, codes: tuple[str, ...]) -> None:
    assert codes_in(text, printed) == codes


@given(st.text(alphabet='ab>[]()!\\*_<&;# \n"http://t.co', max_size=80), st.booleans())
def test_no_text_grows_or_raises(raw: str, is_quoted: bool) -> None:
    seen = visible_text(raw, Marks(is_quoted=is_quoted, is_markdown=True))
    assert len(seen) <= len(raw)
    assert seen == seen.strip("\n")
