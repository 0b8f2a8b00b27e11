from __future__ import annotations

import gc
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.models import Span
from embedarchive.projection import (
    Markup,
    Page,
    Projection,
    Writer,
    unescaped,
    without_backslashes,
    without_references,
)
from embedarchive.tokenizer import START
from tests.making import make_document
from tests.timing import assert_linear

VISIBLE = [
    ("<p>one</p>\n<p>two</p>", "one\n\ntwo"),
    ("one<br>two<br/>\n three", "one\ntwo\nthree"),
    ("<div>one</div><div>two</div>", "one\ntwo"),
    ("<p>one<br></p><p>two", "one\n\ntwo"),
    ("  a \n\t b<b> c</b> <i> d</i>  ", "a b c d"),
    ("a&nbsp;&amp;&#x20;b &copy x&unknown;", "a\u00a0& b © x&unknown;"),
    ("<pre>a\r\n  b\n</pre>c  d", "a\n  b\n\nc d"),
    ("a<script>b</script><style>c</style><!-- d --><title>e</title>f", "af"),
    ("a<noscript>b</noscript><template><p>c</p></template>d", "ad"),
    ("a<noscript>b", "ab"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"),
    ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
    ("text—<span>dash</span>glued", "text—dashglued"),
    ("1 < 2 & 3", "1 < 2 & 3"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "text"), VISIBLE)
def test_visible_text(html, text):
    assert Page(make_document(html, "text/html")).visible.text == text


@pytest.mark.parametrize(
    ("html", "words", "source"),
    [
        ("<p>a <b>b  c</b> d</p>", "b c d", "b  c</b> d"),
        ("x &amp; y", "&", "&amp;"),
        ("x &amp; y", "x & y", "x &amp; y"),
        ("a<br>\n b", "a\nb", "a<br>\n b"),
        ("a\n\n\n b", " ", "\n\n\n "),
        ("<p>a</p><p>b</p>", "a\n\nb", "a</p><p>b"),
    ],
)
def test_visible_text_knows_its_source(html, words, source):
    visible = Markup(html).visible()
    at = visible.text.index(words)
    start, end = visible.source(at, at + len(words))
    assert html[start:end] == source


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_text_that_is_no_html_is_its_own_projection(media_type):
    document = make_document("a  <b>b</b> &amp;", media_type)
    visible = Page(document).visible
    assert visible.text is document.text
    assert visible.source(3, 5) == Span(3, 5)
    assert visible.at(7) == 7


def test_from_source_to_visible():
    html = "<p>a&amp;b  c</p>"
    visible = Markup(html).visible()
    assert visible.text == "a&b c"
    for character in "abc":
        assert visible.at(html.index(character, 3 if character == "a" else 8)) == (
            visible.text.index(character)
        )
    assert visible.at(0) == 0
    assert visible.at(len(html)) == len(visible.text)


def test_writer_keeps_runs_of_unequal_length_whole():
    writer = Writer()
    writer.write("ab", 10, 12)
    writer.write("—", 12, 19)
    projection = writer.projection()
    assert projection.text == "ab—"
    assert projection.source(1, 2) == Span(11, 12)
    assert projection.source(2, 3) == Span(12, 19)
    assert projection.source(3, 3) == Span(19, 19)
    assert projection.source(0, 0) == Span(10, 10)
    assert Projection("abc").source(1, 2) == Span(1, 2)


ELEMENTS = [
    ("<b><i>x</i></b>y", "<b><i>x</i></b>"),
    ("<b><b>x</b></b></b>", "<b><b>x</b></b>"),
    ("<div><b>x</div>y", None),
    ("<br>x", "<br>"),
    ("<b>x", "<b>x"),
]


@pytest.mark.parametrize(("html", "element"), ELEMENTS)
def test_element_ends_at_its_end_tag(html, element):
    markup = Markup(html)
    end = markup.tokens[markup.element_end(0) - 1].end
    assert html[:end] == (element or html[: html.index("</div>") + 6])


def test_element_without_end_tag_ends_with_its_container():
    markup = Markup("<div><b>x<p>y</p></div><b>z</b>")
    assert markup.tokens[markup.element_end(1) - 1].name == "p"
    markup = Markup("<b>x<b>z</b>")
    assert markup.element_end(0) == 2


def test_links():
    html = (
        """<a name=x>no</a> <a href=" /1 ">one<b> and</b> &lt;</a> <a href=2>two <a href=3></a>"""
    )
    links = Markup(html).links
    assert [(link.href, link.text) for link in links] == [
        ("/1", "one and <"),
        ("2", ""),
        ("3", ""),
    ]
    assert html[links[0].start : links[0].end].endswith("&lt;</a>")
    assert html[links[1].start : links[1].end] == "<a href=2>"
    assert html[links[2].start : links[2].end] == "<a href=3></a>"


def test_attributes_of_which_the_first_counts():
    assert Markup("<a b=1 B=2 c>").attributes(0) == {"b": "1", "c": ""}


@pytest.mark.parametrize(
    "unit",
    [
        "<a href=1>",
        "<div>",
        "<blockquote><p>",
        "<p>",
        "<noscript>",
        "<template></p>",
        "a <br>",
        "&",
    ],
)
def test_hostile_input_takes_linear_time(unit):
    def work(text):
        markup = Markup(text)
        markup.visible()
        assert len(markup.links) in (0, len(text) // len("<a href=1>"))
        for index, token in enumerate(markup.tokens):
            if token.kind == START:
                markup.element_end(index)

    assert_linear(work, lambda size: unit * (size // len(unit)), 60_000)


PIECES = st.lists(
    st.sampled_from(
        (
            *("a", " ", "b", "\n", "  ", "\r\n", "é", "—", "&amp;", "&lt", "&#233;", "<!--x-->"),
            *("<b>", "</b>", "<p>", "</p>", "<br>", "<pre>", "</pre>", "<a href=x>", "</a>"),
            *("<noscript>", "</noscript>", "<script>y</script>", "<td>", "</td>"),
        )
    )
).map("".join)


@given(PIECES)
def test_every_visible_character_has_a_place(html):
    markup = Markup(html)
    visible = markup.visible()
    last = 0
    for index, character in enumerate(visible.text):
        start, end = visible.source(index, index + 1)
        assert 0 <= last <= start < end <= len(html)
        if end - start == 1 and character not in " \n":
            assert html[start] == character
            assert visible.at(start) == index
        last = start
    start, end = visible.source(0, len(visible.text))
    assert 0 <= start <= end <= len(html)
    for index, token in enumerate(markup.tokens):
        assert markup.element_end(index) > index
        assert markup.token_at(token.start) == index


# --- escaped markup ----------------------------------------------------------------------------

ESCAPED = [
    (without_references, 1, "a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    (without_references, 2, "&amp;lt;b&amp;gt;", "<b>"),
    (without_references, 1, "&unknown; &#x2014;", "&unknown; —"),
    (without_backslashes, 1, r"\u003cb class=\"x\"\u003e\/\n\t\u00e9", '<b class="x">/\n\té'),
    (without_backslashes, 1, r"\ud83d\ude00 \ud83d \udE00x", "😀 \ufffd \ufffdx"),
    (without_backslashes, 2, r"\\\"x\\\" \\u2014", '"x" —'),
    (without_backslashes, 1, "no escapes", "no escapes"),
    (without_backslashes, 1, "cut off \\", "cut off \\"),
]


@pytest.mark.parametrize(("read", "times", "source", "text"), ESCAPED)
def test_escaped_markup(read, times, source, text):
    assert unescaped(source, 0, len(source), read, times)[0] == text


@pytest.mark.parametrize(("read", "times", "source", "text"), ESCAPED)
def test_escaped_markup_maps_back(read, times, source, text):
    padded = f"..{source}.."
    got, place = unescaped(padded, 2, 2 + len(source), read, times)
    assert got == text
    assert place(0, len(got)) == Span(2, 2 + len(source))
    for index, character in enumerate(got):
        start, end = place(index, index + 1)
        assert 2 <= start < end <= 2 + len(source)
        if end - start == 1:
            assert padded[start] == character


@given(st.text(alphabet='a"\\u00e9dcn/&lt;#x3', max_size=40), st.integers(1, 3))
def test_any_text_can_be_unescaped(text, times):
    for read in (without_references, without_backslashes):
        got, place = unescaped(text, 0, len(text), read, times)
        start, end = place(0, len(got))
        assert 0 <= start <= end <= len(text)
        got.encode()


def test_a_page_is_let_go_once_it_is_read() -> None:
    """Nothing in it holds it: what waits for the collector piles up where pages follow pages."""
    html = "<blockquote><a href=https://x.com/a/status/1>a</a></blockquote>"
    page = Page(make_document(html, "text/html"))
    kept = ref(page.markup)
    assert [link.text for link in page.links] == ["a"]
    assert page.visible.text
    gc.disable()
    try:
        del page
        assert kept() is None
    finally:
        gc.enable()
