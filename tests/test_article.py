from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.models import Correction, Kind, PostRecord, Span, StoredReference
from embedarchive.render import make_article, render_article
from embedarchive.render.article import Paragraph, Placed
from embedarchive.render.html import Layout
from embedarchive.render.view import Inert
from embedarchive.tokenizer import START, TEXT, decode, tokenize

from .making_embeds import make_article_record, make_embed, make_record, refer

RECORD = make_record(make_embed("Bells over the bay."))
LAYOUT = Layout(media=lambda file: None)
RAW = "Bells over the bay.\n— Ada Quill (@ada_quill) June 13, 2021"


def posts(key: str) -> PostRecord | None:
    return RECORD if key == RECORD.key else None


def outline(
    text: str, *references: StoredReference, media_type: str = "text/plain"
) -> list[object]:
    """The page's blocks: text as it is, `card` where a card stands."""
    article = make_article(make_article_record(text, references, media_type=media_type), posts)
    shown: list[object] = []
    for block in article.blocks:
        if isinstance(block, Placed):
            shown.append("card")
        else:
            shown.append(block.text if isinstance(block, Paragraph) else block.html)
    return shown


# --- plain text ----------------------------------------------------------------------------------


def test_a_flattened_post_gives_way_to_its_card() -> None:
    text = f"The bell\nIt rang on Sunday.\n{RAW}\nThen all was still."
    reference = refer(text, RAW, RECORD)
    assert outline(text, reference) == [
        "The bell\nIt rang on Sunday.",
        "card",
        "Then all was still.",
    ]


def test_lines_are_paragraphs_where_nobody_wrapped_them() -> None:
    long = "word " * 30
    assert outline(f"Title\n\n{long}\n{long}\n\nshort\nlines") == [
        "Title",
        long,
        long,
        "short\nlines",
    ]


def test_the_first_line_is_the_headline_where_it_can_be_one() -> None:
    article = make_article(make_article_record("The bell\n\nIt rang."), posts)
    assert article.title == "The bell"
    assert article.has_headline
    long = make_article(make_article_record("word " * 60, uri="a/b/bell.txt"), posts)
    assert (long.title, long.has_headline) == ("bell.txt", False)
    first = make_article(make_article_record(RAW, (refer(RAW, RAW, RECORD),), uri="u.txt"), posts)
    assert (first.title, first.has_headline) == ("u.txt", False)


def test_a_reference_in_parts_stands_at_its_first() -> None:
    pieces = ("— Ada Quill (@ada_quill) June 13, 2021", "Bells over the bay.")
    text = "\n\n".join(("Intro.", pieces[0], "Between.", pieces[1], "End."))
    parts = tuple(Span(text.index(one), text.index(one) + len(one)) for one in pieces)
    whole = text[parts[0].start : parts[1].end]
    reference = refer(text, whole, RECORD, parts=parts)
    assert outline(text, reference) == ["Intro.", "card", "Between.", "End."]


def test_a_link_in_prose_stays_and_its_post_comes_at_the_end() -> None:
    text = "As she wrote (https://x.com/ada_quill/status/1), it rang."
    link = refer(text, "https://x.com/ada_quill/status/1", RECORD, kind=Kind.LINK)
    assert outline(text, link) == [text]
    article = make_article(make_article_record(text, (link,)), posts)
    assert [item.anchor for item in article.others] == ["ref-17"]


def test_of_two_that_overlap_the_second_comes_at_the_end() -> None:
    text = f"Intro\n\n{RAW}\n\nEnd"
    first = refer(text, RAW, RECORD, number=1)
    second = refer(text, "Ada Quill (@ada_quill)", RECORD, number=2)
    assert outline(text, first, second) == ["Intro", "card", "End"]
    article = make_article(make_article_record(text, (first, second)), posts)
    assert [item.anchor for item in article.others] == ["ref-2"]


def test_a_post_that_the_archive_does_not_know_is_a_stub() -> None:
    reference = replace(refer(RAW, RAW, RECORD), post_key="claim-99")
    (block,) = make_article(make_article_record(RAW, (reference,)), posts).blocks
    assert isinstance(block, Placed)
    assert block.card.is_stub


@given(st.text(st.sampled_from("ab \n\r\t<&"), max_size=80), st.data())
def test_nothing_outside_the_places_is_lost(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    reference = refer(text, text[start:end], RECORD)
    reference = replace(reference, reference=replace(reference.reference, start=start, end=end))
    shown = "".join(str(block) for block in outline(text, reference) if block != "card")
    assert "".join(shown.split()) == "".join((text[:start] + text[end:]).split())


# --- HTML and Markdown ---------------------------------------------------------------------------


def test_html_keeps_its_structure() -> None:
    text = (
        f"<title>Bell</title><h1>The bell</h1><p>Before</p><blockquote>{RAW}</blockquote><p>After"
    )
    reference = refer(text, f"<blockquote>{RAW}</blockquote>", RECORD)
    assert outline(text, reference, media_type="text/html") == [
        "<h1>The bell</h1><p>Before</p>",
        "card",
        "<p>After</p>",
    ]


QUOTED = """\
# Notes

Some *text* here.

> Bells over the bay.
>
> — Ada Quill (@ada_quill) [June 13, 2021](https://x.com/ada_quill/status/1)

- one
- two
"""


def test_markdown_is_rendered_around_the_card() -> None:
    raw = QUOTED[QUOTED.index("Bells") : QUOTED.index("\n\n- one")]
    shown = outline(QUOTED, refer(QUOTED, raw, RECORD), media_type="text/markdown")
    assert shown == [
        "<h1>Notes</h1>\n<p>Some <em>text</em> here.</p>\n",
        "card",
        "\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a RAW b", ["<p>a</p>\n", "card", "\n<p>b</p>\n"]),
        (
            "```\nRAW\n```\n",
            ["<pre><code>\n\n</code></pre>", "card", "<pre><code>\n\n\n</code></pre>\n"],
        ),
        ("- item\n- RAW\n\nend", ["<ul>\n<li>item</li>\n</ul>\n", "card", "\n<p>end</p>\n"]),
        ("**bold RAW**", ["<p>**bold</p>\n", "card", "\n<p>**</p>\n"]),
    ],
)
def test_markdown_places(text: str, expected: list[str]) -> None:
    assert outline(text, refer(text, "RAW", RECORD), media_type="text/markdown") == expected


def test_markdown_is_inert() -> None:
    text = (
        "![alt](http://evil/x.png) <script>alert(1)</script> <b onclick=x>y</b> "
        "[x](javascript:alert(1)) [d](data:text/html,x)\n\n<iframe src=//evil></iframe>\n"
    )
    (html,) = outline(text, media_type="text/markdown")
    assert "evil" not in str(html)
    assert "script" not in str(html).replace("[x](javascript:alert(1))", "")
    assert "<b>y</b>" in str(html)


def test_front_matter_is_folded_away() -> None:
    text = '---\ntitle: "Bell notes"\ndate: 2021-06-14\n---\nBody\n'
    article = make_article(make_article_record(text, media_type="text/markdown"), posts)
    assert article.title == "Bell notes"
    assert article.front_matter == 'title: "Bell notes"\ndate: 2021-06-14'
    assert article.blocks == (Inert("<p>Body</p>\n"),)


def test_a_text_cannot_forge_a_place() -> None:
    text = "embedarchiveplace0x0z\n\nRAW"
    shown = outline(text, refer(text, "RAW", RECORD), media_type="text/markdown")
    assert shown == ["<p>embedarchiveplace0x0z</p>\n", "card", "\n"]


# --- the page ------------------------------------------------------------------------------------


def test_the_page_holds_the_text_and_the_post() -> None:
    text = f"The bell & all\n\n{RAW}\n\n<i>End</i>"
    page = render_article(make_article_record(text, (refer(text, RAW, RECORD),)), posts, LAYOUT)
    tokens = tokenize(page)
    assert sum(token.kind == START and token.name == "h1" for token in tokens) == 1
    visible = decode("".join(page[t.start : t.end] for t in tokens if t.kind == TEXT))
    for expected in ("The bell & all", "Bells over the bay.", "<i>End</i>", "Verified"):
        assert expected in visible
    assert re.search(r'<article class="card h-cite verified" id="ref-17"', page)


def test_a_corrected_place_is_where_the_card_stands() -> None:
    text = "Harbour news\n\nBells.\n\n— Ada (@ada_quill) June 13, 2021\n\nBehind it."
    record = make_record(make_embed("Behind it."))
    stored = refer(text, "Bells.\n\n— Ada (@ada_quill) June 13, 2021", record)
    at = text.index("— Ada")
    found = Correction(at, len(text), "Behind it.", text.index("Behind"), len(text))
    article = make_article_record(text, (replace(stored, correction=found),))
    blocks = make_article(article, lambda key: record).blocks
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Paragraph", "Placed"]
    assert blocks[1].text == "Bells."  # type: ignore[union-attr]
