from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.render.allowed import BLOCKS, INLINE, VOID
from embedarchive.render.inert import Edit, make_inert
from embedarchive.tokenizer import COMMENT, DOCTYPE, END, START, TEXT, attributes, tokenize
from tests.timing import assert_linear

from .shared import shared


def inert(source: str, *edits: Edit, base: str = "") -> str:
    """The page as one string, `[n]` where card n goes."""
    page = make_inert(source, edits, base=base)
    return "".join(f"[{part}]" if isinstance(part, int) else part for part in page.parts)


KEPT = [
    (
        "<p>One <b>bold</b> &amp; <i lang=fr>due</i></p>",
        '<p>One <b>bold</b> &amp; <i lang="fr">due</i></p>',
    ),
    ("a<br>b<hr/>c", "a<br>b<hr>c"),
    ("<main><p>x</main>", "<div><p>x</p></div>"),
    ("<ul><li>1<li>2</ul>", "<ul><li>1</li><li>2</li></ul>"),
    ("<table><tr><td colspan=2>x</table>", '<table><tr><td colspan="2">x</td></tr></table>'),
    ("<b><i>x</b></i>", "<b><i>x</b></i>"),
    ("stray</div></p></main>", "stray"),
    ("<i id=x></i><a name=x></a><b id=y></b>", '<i id="a-x"></i><a></a><b id="a-y"></b>'),
    ("<p class=card style='color:red' onclick=x id=top>x</p>", '<p id="a-top">x</p>'),
    ("<a href=#top>up</a>", '<a href="#a-top">up</a>'),
    (
        "<a href=https://example.org/?a&amp;b target=_top ping=/p>x</a>",
        '<a href="https://example.org/?a&amp;b" rel="noreferrer nofollow noopener">x</a>',
    ),
    ("<a href=javascript:alert(1)>x</a>", "<a>x</a>"),
    ("<a href='java\nscript:alert(1)'>x</a>", "<a>x</a>"),
    ("<img src=//evil/x.png alt='A <b>'>", '<span class="picture">Picture: A &lt;b&gt;</span>'),
    ("<img src=x alt=''>", ""),
    ("a<script>alert('</p>')</script>b", "ab"),
    ("a<style>p{}</style><noscript>n</noscript><!-- c -->b", "ab"),
    ("a<iframe src=x>fallback</iframe><object><p>o</p></object>b", "ab"),
    ("a<svg><a href=x>t</a></svg>b", "ab"),
    ("a<svg>b", "ab"),
    ("<form action=/x><label>Name <input value=y></label></form>", "Name "),
    ("<twitter-widget><p>x</p></twitter-widget>", "<p>x</p>"),
    ("<head><title>T</title></head><body onload=x><p>x", "<p>x</p>"),
    (
        "<nav><a href=/>Home</a></nav>",
        '<details class="furniture"><summary>Navigation</summary><a>Home</a></details>',
    ),
    ("<aside><h1>Headline</h1></aside>", "<h1>Headline</h1>"),
    ("<nav>never ends", "never ends"),
    ("1 < 2 &lt; 3 &nbsp;&copy", "1 &lt; 2 &lt; 3 \xa0©"),
]


@pytest.mark.parametrize(("source", "expected"), KEPT)
def test_what_is_kept(source: str, expected: str) -> None:
    assert inert(source) == expected


def replacing(source: str, raw: str) -> Edit:
    return Edit(source.index(raw), source.index(raw) + len(raw), 0)


PLACES = [
    (
        "<p>a</p><blockquote>RAW</blockquote><p>b</p>",
        "<blockquote>RAW</blockquote>",
        "<p>a</p>[0]<p>b</p>",
    ),
    ("<p>one RAW two</p>", "RAW", "<p>one </p>[0]<p> two</p>"),
    ("<p id=i>one RAW two</p>", "RAW", '<p id="a-i">one </p>[0]<p> two</p>'),
    ("<div>one RAW two</div>", "RAW", "<div>one [0] two</div>"),
    ("<p><b>one RAW two</b></p>", "RAW", "<p><b>one </b></p>[0]<p><b> two</b></p>"),
    # A flattened post in two paragraphs: its hull begins inside the one and ends inside the other.
    (
        "<p>text</p>\n<p>— Name (@h) <a href=https://x.com>June 1, 2020</a></p><p>b</p>",
        "text</p>\n<p>— Name (@h) <a href=https://x.com>June 1, 2020",
        '<p></p>[0]<p><a href="https://x.com" rel="noreferrer nofollow noopener"></a></p><p>b</p>',
    ),
    ("<div><p>x</p></div><div>RAW</div></div>y", "<div>RAW</div></div>", "<div><p>x</p></div>[0]y"),
    ('a<script>{"id": "RAW"}</script>b', "RAW", "a[0]b"),
    ("a<!-- RAW -->b", "RAW", "a[0]b"),
    ("<head><script>RAW</script></head><p>b</p>", "RAW", "<p>b</p>[0]"),
    ("<nav>RAW</nav>", "RAW", "[0]"),
    ("<table><tr><td>RAW</td></tr></table>", "RAW", "<table><tr><td>[0]</td></tr></table>"),
]


@pytest.mark.parametrize(("source", "raw", "expected"), PLACES)
def test_a_card_stands_where_its_reference_stood(source: str, raw: str, expected: str) -> None:
    assert inert(source, replacing(source, raw)) == expected


def test_several_places_and_one_that_closes_up() -> None:
    source = "<p>aXbYcZd</p>"
    edits = [Edit(4, 5, 0), Edit(6, 7, None), Edit(8, 9, 1)]
    assert inert(source, *edits) == "<p>a</p>[0]<p>bc</p>[1]<p>d</p>"


def test_relative_links_join_the_article() -> None:
    html = inert("<a href=../b>x</a>", base="https://example.org/a/c")
    assert 'href="https://example.org/b"' in html
    assert inert("<a href=//[x>x</a>", base="https://example.org/") == "<a>x</a>"


def test_title_headline_language() -> None:
    page = make_inert(
        "<html lang=ar dir=rtl><title>A  &amp; B</title><h1>One <i>two</i></h1><h1>Three</h1>"
    )
    assert (page.title, page.headline, page.lang, page.direction) == (
        "A & B",
        "One two",
        "ar",
        "rtl",
    )


# --- hostile pages -------------------------------------------------------------------------------


def check(source: str) -> None:
    """Allowed elements and attributes alone, all closed; nothing to fetch."""
    html = inert(source)
    open_names: Counter[str] = Counter()
    for token in tokenize(html):
        assert token.kind not in (COMMENT, DOCTYPE), source
        if token.kind in (START, END):
            assert token.name in BLOCKS | INLINE | VOID, source
        if token.kind == END:
            open_names[token.name] -= 1
            assert open_names[token.name] >= 0, source
        elif token.kind == START:
            open_names[token.name] += token.name not in VOID
            for name, value, _start, _end in attributes(html, token):
                assert name in {
                    *("href", "rel", "lang", "dir", "title", "id", "class", "colspan", "rowspan"),
                    *("scope", "start", "reversed", "type", "value", "datetime"),
                }, source
                if name == "href":
                    assert re.match(r"https?://|#a-", value, re.IGNORECASE), source
                if name == "class":
                    assert value in ("picture", "furniture"), source
    assert not +open_names, source


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<a href='x'>", "</a>", "<div>", "</div>", "<li>", "text"),
        *("<table>", "<tr>", "<td>", "</table>", "<svg>", "</svg>", "<nav>", "</nav>", "<math>"),
        *("<style>", "</style>", "<title>", "</title>", "<h1>", "</h1>", "<!--", "-->", "<mi>"),
        *("<template>", "</template>", "<img alt='x'>", "<details>", "</details>", "&lt;"),
        *("<select>", "</select>", "<script>", "</script>", "<head>", "</head>", "<body>"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_page_is_inert_and_closed(source: str) -> None:
    check(source)


@given(st.lists(PIECES, max_size=20).map("".join), st.data())
def test_cards_are_never_lost(source: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(source)), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit(start, end, number) for number, (start, end) in enumerate(pairs)]
    cards = [part for part in make_inert(source, edits).parts if isinstance(part, int)]
    assert sorted(cards) == list(range(len(pairs)))


def test_collected_payloads() -> None:
    cases = json.loads(shared("payloads/dompurify.json").read_text(encoding="utf-8"))
    vectors = shared("payloads/h5sc-vectors.txt").read_text(encoding="utf-8")
    for source in [*(case["payload"] for case in cases), *vectors.split("\n"), vectors]:
        check(source)


FAMILIES = {
    "div": "<div>",
    "stray": "</b>",
    "unclosed": "<a ",
    "comment": "<!--",
    "nav": "<nav>",
    "nav closed": "<nav></nav>",
    "inline": "<b><i>",
    "misnested": "<b><p></b>",
    "svg": "<svg>",
    "paragraph": "<p>",
    "headline": "<nav><h1>",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_time_is_linear(family: str) -> None:
    unit = FAMILIES[family]
    assert_linear(make_inert, lambda size: unit * (size // len(unit)), 30_000)


def test_text_outside_the_places_is_untouched() -> None:
    source = "<p>one</p><blockquote>RAW</blockquote>two <i>three</i>"
    page = make_inert(source, [replacing(source, "<blockquote>RAW</blockquote>")])
    html = "".join(part for part in page.parts if isinstance(part, str))
    texts = [html[token.start : token.end] for token in tokenize(html) if token.kind == TEXT]
    assert texts == ["one", "two ", "three"]
