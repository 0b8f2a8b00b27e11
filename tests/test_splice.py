from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from embedarchive.errors import InputError
from embedarchive.marks import restore
from embedarchive.models import ArticleRecord, Damage, Document, PostRecord, Span
from embedarchive.render.html import Layout
from embedarchive.render.splice import splice_html, splice_markdown

from .making_embeds import make_article_record, make_embed, make_record, refer

RECORD = make_record(make_embed("Bells ∞ over the bay."))
LAYOUT = Layout(media=lambda file: None)
EMBED = "<blockquote class=twitter-tweet><p>Bells</p>— Ada (@ada_quill)</blockquote>"


def posts(key: str) -> PostRecord | None:
    return RECORD if key == RECORD.key else None


def article(text: str, *raws: str, encoding: str = "utf-8", bom: bytes = b"") -> ArticleRecord:
    references = tuple(refer(text, raw, RECORD, number=n) for n, raw in enumerate(raws, 1))
    record = make_article_record(text, references, media_type="text/html", uri="a.html")
    content = bom + text.encode(encoding)
    document = replace(record.document, content=content, encoding=encoding, bom=len(bom))
    return replace(record, document=document)


PAGES = [
    f"<p>Before</p>\r\n{EMBED}\r\n<p>After &amp; on</p>",
    f"<p>unclosed {EMBED} <td>in a cell",
    f"<template>{EMBED}</template>",
    EMBED,
    f"{EMBED}</body></html>",
]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16-le", "shift_jis"])
@pytest.mark.parametrize("page", PAGES)
def test_there_and_back(page: str, encoding: str) -> None:
    page = page.replace("—", "-")
    record = article(page, EMBED.replace("—", "-"), encoding=encoding, bom=b"")
    mended = splice_html(record, posts, LAYOUT)
    assert restore(mended.content) == record.document.content
    assert "h-cite" in mended.content.decode(encoding)
    (span,) = mended.spans
    assert mended.content.startswith(page[: span.start].encode(encoding))
    assert mended.content.endswith(page[span.end :].encode(encoding))


def test_a_byte_order_mark_stays() -> None:
    record = article(f"\n{EMBED}", EMBED, bom=b"\xef\xbb\xbf")
    mended = splice_html(record, posts, LAYOUT).content
    assert mended.startswith(b"\xef\xbb\xbf\n<!-- embedarchive:begin sha256=")
    assert restore(mended) == record.document.content


def test_invalid_bytes_stay() -> None:
    content = b"<p>a\xffb</p>" + EMBED.encode() + b"\xfe"
    text = content.decode("utf-8", "replace")
    record = article(text, EMBED)
    damage = (Damage(4, 4, 5), Damage(len(text) - 1, len(content) - 1, len(content)))
    document = replace(record.document, content=content, damage=damage)
    mended = splice_html(replace(record, document=document), posts, LAYOUT).content
    assert mended.startswith(b"<p>a\xffb</p><!--")
    assert mended.endswith(b"-->\xfe")
    assert restore(mended) == content


def test_what_lies_in_a_script_or_a_tag_is_left_alone() -> None:
    for page in (f"<script>x = '{EMBED}'</script>", f"<!-- {EMBED} -->", f'<i title="{EMBED}">'):
        mended = splice_html(article(page, EMBED), posts, LAYOUT)
        assert (mended.content, mended.spans) == (page.encode(), ())


def test_several_places() -> None:
    page = f"<p>one</p>{EMBED}<p>two</p><b>RAW</b>"
    record = article(page, EMBED, "RAW")
    mended = splice_html(record, posts, LAYOUT)
    start = page.index("RAW")
    assert mended.spans == (Span(10, 10 + len(EMBED)), Span(start, start + 3))
    assert restore(mended.content) == page.encode()


def test_mending_twice_is_mending_once() -> None:
    once = splice_html(article(f"<p>a</p>{EMBED}<p>b</p>", EMBED), posts, LAYOUT)
    text = once.content.decode()
    inside = "Bells ∞ over the bay."
    assert splice_html(article(text, inside), posts, LAYOUT).content == once.content


def test_what_would_not_come_back_is_left_alone() -> None:
    record = article(f"é{EMBED}", EMBED)
    document: Document = replace(record.document, content=b"\x00")
    with pytest.raises(InputError, match="could not be restored"):
        splice_html(replace(record, document=document), posts, LAYOUT)
    inside_a_shift = article(f"火曜{EMBED}".replace("—", "-"), "曜" + EMBED.replace("—", "-"))
    text = inside_a_shift.document.text
    document = replace(
        inside_a_shift.document, content=text.encode("iso2022_jp"), encoding="iso2022_jp"
    )
    with pytest.raises(InputError, match="could not be restored"):
        splice_html(replace(inside_a_shift, document=document), posts, LAYOUT)


def test_each_edition_takes_its_own_format() -> None:
    with pytest.raises(InputError, match="no HTML"):
        splice_html(make_article_record("x"), posts, LAYOUT)
    with pytest.raises(InputError, match="is HTML"):
        splice_markdown(article("x"), posts)


def test_the_style_of_cards_comes_once_and_stays_with_them() -> None:
    page = splice_html(article(f"{EMBED}<hr>{EMBED[:-1]} >", EMBED), posts, LAYOUT).content
    assert page.count(b"<style>@scope (article.card.h-cite) {") == 1
    style = page[page.index(b"<style>") : page.index(b"</style>")]
    assert style.isascii()
    rules = style.partition(b"{")[2]
    assert not re.search(rb":root|\.card(?![\w-])", rules)  # these name nothing inside a scope
    assert b"prefers-color-scheme" not in style


# --- Markdown ------------------------------------------------------------------------------------

SAID = "Bells\n— Ada (@ada_quill) May 14, 2023"
TEXTS = [
    f"# Bells\n\n{SAID}\n\nOn.\n",
    f"One. {SAID} Two on the same line.",
    f"> {SAID}\n> quoted\n\n- item {SAID}\n- item",
    SAID,
    f"---\ntitle: x\n---\n{SAID}".replace("\n", "\r\n"),
]


def text_article(text: str, *raws: str, encoding: str = "utf-8") -> ArticleRecord:
    references = tuple(refer(text, raw, RECORD, number=n) for n, raw in enumerate(raws, 1))
    record = make_article_record(text, references, media_type="text/markdown", uri="a.md")
    document = replace(record.document, content=text.encode(encoding), encoding=encoding)
    return replace(record, document=document)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-be"])
@pytest.mark.parametrize("text", TEXTS)
def test_markdown_there_and_back(text: str, encoding: str) -> None:
    said = SAID.replace("\n", "\r\n") if "\r" in text else SAID
    record = text_article(text, said, encoding=encoding)
    mended = splice_markdown(record, posts).content
    assert restore(mended) == record.document.content
    shown = mended.decode(encoding)
    assert "> Bells" in shown
    assert ("\r\n> Bells" in shown) == ("\r" in text)
    html = MarkdownIt("commonmark", {"html": True}).render(shown)
    assert html.count("<blockquote>") >= 1
    assert "<p>Bells" in html


def test_text_behind_a_post_stays_text() -> None:
    mended = splice_markdown(text_article(f"{SAID} and *on*", SAID), posts).content.decode()
    html = MarkdownIt("commonmark", {"html": True}).render(mended)
    assert html.endswith("<p>and <em>on</em></p>\n")


def test_mending_markdown_twice_is_mending_once() -> None:
    once = splice_markdown(text_article(f"a\n\n{SAID}\n\nb", SAID), posts).content
    inside = "> Bells ∞ over the bay."
    again = splice_markdown(text_article(once.decode(), inside), posts).content
    assert again == once


@pytest.mark.parametrize(
    "text", [f"---\na: {SAID}\n---\n", f"<!-- {SAID} -->", f"| a |\n|---|\n| {SAID[:5]}"]
)
def test_front_matter_comments_and_tables_are_left_alone(text: str) -> None:
    raw = SAID if SAID in text else SAID[:5]
    assert splice_markdown(text_article(text, raw), posts).content == text.encode()


@given(st.text(max_size=60), st.data())
def test_any_page_comes_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    text = text[:start] + "<p>" + text[start:]
    record = article(text, text[start : end + 3])
    reference = record.references[0]
    reference = replace(reference, reference=replace(reference.reference, start=start, end=end + 3))
    mended = splice_html(replace(record, references=(reference,)), posts, LAYOUT).content
    assert restore(mended) == record.document.content
