"""Bytes → text and back."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.charset import byte_offsets, codec_name, declared_in_html, decode, decode_as
from tests.shared import shared

SAMPLES = [
    ("Café déjà vu naïve — résumé", "cp1252"),
    ("Die Größe der Straße — schön über Österreich", "cp1252"),
    ("Привет мир, это тест текста", "cp1251"),
    ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
    ("日本語のテキスト。これはテスト", "cp932"),
    ("北京今天天气很好，我们去公园", "gb18030"),
    ("안녕하세요 세계 여러분 반갑습니다", "cp949"),
    ("Ελληνικά κείμενα είναι εδώ", "cp1253"),
    ("héllo wörld, a text in Latin letters", "utf-16-le"),
    ("héllo wörld, a text in Latin letters", "utf-16-be"),
    ("plain ASCII", "utf-8"),
    ("日本語 and more", "utf-8"),
]


@pytest.mark.parametrize(("text", "encoding"), SAMPLES)
def test_undeclared(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.damage) == (text, ())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_byte_order_mark_wins_and_is_no_text(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + "näch ☕".encode(encoding), declared="cp1252")
    assert decoded == decode_as(mark + "näch ☕".encode(encoding), encoding, bom=len(mark))
    assert decoded.text == "näch ☕"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("latin1", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("Shift_JIS", "cp932"),
        ("gb2312", "gb18030"),
        ("UTF8", "utf-8"),
        ("rot13", None),
        ("idna", None),
        ("no-such-thing", None),
        ("a\0b", None),
    ],
)
def test_labels_mean_what_the_web_means(label: str, name: str | None) -> None:
    assert codec_name(label) == name


def test_a_declaration_that_the_bytes_belie_loses() -> None:
    assert decode("Größe".encode("cp1252"), declared="utf-8").text == "Größe"
    assert decode("Größe".encode(), declared="utf-8").text == "Größe"


def test_a_few_broken_bytes_leave_the_rest_utf8() -> None:
    content = "☕ one ".encode() + b"\xff" + " — two ☕".encode()
    decoded = decode(content)
    assert decoded.encoding == "utf-8"
    assert decoded.text == "☕ one \ufffd — two ☕"
    assert [content[d.start : d.end] for d in decoded.damage] == [b"\xff"]


@given(
    st.binary(max_size=400), st.sampled_from(["utf-8", "utf-16-le", "cp932", "euc_jp", "cp1252"])
)
def test_every_character_knows_its_bytes(content: bytes, encoding: str) -> None:
    decoded = decode_as(content, encoding)
    everywhere = range(len(decoded.text) + 1)
    offsets = byte_offsets(decoded.text, encoding, 0, decoded.damage, everywhere)
    assert offsets == sorted(offsets)
    damaged = {d.at for d in decoded.damage}
    assert all(decoded.text[at] == "\ufffd" for at in damaged)
    for at, (start, end) in enumerate(itertools.pairwise(offsets)):
        if at not in damaged and at + 1 not in damaged:
            # cp932 and its like have several codes for one character: compare as characters.
            assert content[start:end].decode(encoding) == decoded.text[at]


@given(st.binary(max_size=300))
def test_never_fails(content: bytes) -> None:
    for is_html in (False, True):
        decoded = decode(content, is_html=is_html)
        assert (
            len(byte_offsets(decoded.text, decoded.encoding, decoded.bom, decoded.damage, [])) == 0
        )


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_valid_utf8_is_undamaged(text: str) -> None:
    assert decode_as(text.encode(), "utf-8").text == text


# html5lib's cases, read with the reasons where we differ on purpose.
DELIBERATE = {
    b'"Content-Type content=': "an unclosed quote: we take the charset that it most likely meant",
    b'charset=iso8859-2">': "a stray quote behind the label is no part of the label",
    b"document.write(": "what a script may write is not in the page",
    b'<script type="text/plain">': "a meta inside a script is none",
    b'<style type="text/plain">': "a meta inside a style is none",
}


def test_html5lib_encodings() -> None:
    folder = shared("payloads/html5lib/encoding")
    failed = []
    count = 0
    for name in ("tests1.dat", "tests2.dat", "test-yahoo-jp.dat"):
        for case in re.split(rb"(?:\A|\n)#data\n", (folder / name).read_bytes())[1:]:
            data, label = case.split(b"\n#encoding\n")
            count += 1
            found = declared_in_html(data) or decode(data, is_html=True).encoding
            if not data.isascii():
                found = decode(data, is_html=True).encoding
            elif found == "utf-8" and declared_in_html(data) is None:
                found = "cp1252"  # the standard's fallback; ASCII reads alike in both
            excused = any(mark in data for mark in DELIBERATE)
            if found != codec_name(label.strip().decode()) and not excused:
                failed.append((label, found, data[:200]))
    assert count > 75
    assert failed == []
