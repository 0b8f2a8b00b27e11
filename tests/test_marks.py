from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.marks import find_marks, restore, wrap
from tests.timing import assert_linear

A_DIGEST = sha256(b"a").hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"nothing of ours",
        b"<!-- embedarchive:begin ",
        b"<!-- embedarchive:begin x --> <!-- embedarchive:end",
        b"<!-- embedarchive:begin sha256=00 !! --> <!-- embedarchive:end 00 -->",
        b"<!-- embedarchive:begin sha256=00 YQ== --> <!-- embedarchive:end 00 -->",
        f"<!-- embedarchive:begin sha256={A_DIGEST} YWI= --><!-- embedarchive:end 0 -->".encode(),
        f"<!-- embedarchive:begin sha256={A_DIGEST} Y --><!-- embedarchive:end 0 -->".encode(),
        f"<!-- embedarchive:begin sha256={A_DIGEST} YQ== -->and no end".encode(),
    ],
)
def test_marks_that_are_not_ours_are_left_alone(content: bytes) -> None:
    assert restore(content) == content
    assert find_marks(content.decode()) == []


def test_a_forged_mark_hides_no_real_one() -> None:
    text = f"<!-- embedarchive:begin x --><!-- embedarchive:begin y {wrap(b'old', 'CARD')} z"
    (mark,) = find_marks(text)
    assert (mark.original, mark.has_card) == (b"old", True)
    assert restore(text.encode()) == b"<!-- embedarchive:begin x --><!-- embedarchive:begin y old z"


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("after", ["", "\n\n", "\r\n\r\n"])
def test_there_and_back(encoding: str, after: str) -> None:
    original = "火 <b>é".encode(encoding, "replace")
    whole = f"\n一 {wrap(original, 'a card', after=after)}{wrap(b'', '')}\n二".encode(encoding)
    assert restore(whole) == f"\n一 {original.decode(encoding)}\n二".encode(encoding)


def test_line_ends_behind_are_taken_only_where_they_are() -> None:
    text = wrap(b"old", "card", after="\n\n").rstrip("\n")
    assert restore(f"{text}next".encode()) == b"oldnext"
    assert restore(f"{text}\n\n\nnext".encode()) == b"old\nnext"


def test_a_mark_without_card_says_so() -> None:
    assert [mark.has_card for mark in find_marks(wrap(b"x", "") + wrap(b"x", "card"))] == [
        False,
        True,
    ]


@given(st.lists(st.tuples(st.text(max_size=9), st.binary(max_size=9)), max_size=4))
def test_any_bytes_come_back(pieces: list[tuple[str, bytes]]) -> None:
    clean = [(text.replace("<", ""), original) for text, original in pieces]
    marked = "".join(text + wrap(original, "card") for text, original in clean)
    expected = b"".join(text.encode() + original for text, original in clean)
    assert restore(marked.encode()) == expected


@pytest.mark.parametrize(
    "family",
    [
        "<!-- embedarchive:begin ",
        "<!-- embedarchive:begin x --> ",
        f"<!-- embedarchive:begin sha256={sha256(b'').hexdigest()}  -->",
        "<!-- embedarchive:end ",
    ],
)
def test_hostile_marks_take_linear_time(family: str) -> None:
    def work(text: str) -> None:
        find_marks(text)
        restore(text.encode())

    assert_linear(work, lambda size: family * (size // len(family)) + " -->", 125_000)
