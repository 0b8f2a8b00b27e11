from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.errors import InputError
from embedarchive.models import ArticleRecord, Damage, Document, PostRecord, Span
from embedarchive.render.html import Layout
from embedarchive.render.splice import restore, splice_article

from .making_embeds import make_article_record, make_embed, make_record, refer

RECORD = make_record(make_embed("Bells ∞ over the bay."))
LAYOUT = Layout(media=lambda file: None)
A_DIGEST = sha256(b"a").hexdigest()
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
    mended = splice_article(record, posts, LAYOUT)
    assert restore(mended.content, encoding) == record.document.content
    assert "h-cite" in mended.content.decode(encoding)
    (span,) = mended.spans
    assert mended.content.startswith(page[: span.start].encode(encoding))
    assert mended.content.endswith(page[span.end :].encode(encoding))


def test_a_byte_order_mark_stays() -> None:
    record = article(f"\n{EMBED}", EMBED, bom=b"\xef\xbb\xbf")
    mended = splice_article(record, posts, LAYOUT).content
    assert mended.startswith(b"\xef\xbb\xbf\n<!-- embedarchive:begin sha256=")
    assert restore(mended, "utf-8") == record.document.content


def test_invalid_bytes_stay() -> None:
    content = b"<p>a\xffb</p>" + EMBED.encode() + b"\xfe"
    text = content.decode("utf-8", "replace")
    record = article(text, EMBED)
    damage = (Damage(4, 4, 5), Damage(len(text) - 1, len(content) - 1, len(content)))
    document = replace(record.document, content=content, damage=damage)
    mended = splice_article(replace(record, document=document), posts, LAYOUT).content
    assert mended.startswith(b"<p>a\xffb</p><!--")
    assert mended.endswith(b"-->\xfe")
    assert restore(mended, "utf-8") == content


def test_what_lies_in_a_script_or_a_tag_is_left_alone() -> None:
    for page in (f"<script>x = '{EMBED}'</script>", f"<!-- {EMBED} -->", f'<i title="{EMBED}">'):
        mended = splice_article(article(page, EMBED), posts, LAYOUT)
        assert (mended.content, mended.spans) == (page.encode(), ())


def test_several_places() -> None:
    page = f"<p>one</p>{EMBED}<p>two</p><b>RAW</b>"
    record = article(page, EMBED, "RAW")
    mended = splice_article(record, posts, LAYOUT)
    start = page.index("RAW")
    assert mended.spans == (Span(10, 10 + len(EMBED)), Span(start, start + 3))
    assert restore(mended.content, "utf-8") == page.encode()


def test_mending_twice_is_mending_once() -> None:
    once = splice_article(article(f"<p>a</p>{EMBED}<p>b</p>", EMBED), posts, LAYOUT)
    text = once.content.decode()
    inside = "Bells ∞ over the bay."
    assert splice_article(article(text, inside), posts, LAYOUT).content == once.content


def test_what_cannot_be_written_again_is_refused() -> None:
    record = article("é", encoding="utf-8")
    document: Document = replace(record.document, content=b"\x00")
    with pytest.raises(InputError, match="byte for byte"):
        splice_article(replace(record, document=document), posts, LAYOUT)
    with pytest.raises(InputError, match="no HTML"):
        splice_article(make_article_record("x"), posts, LAYOUT)


@pytest.mark.parametrize(
    "content",
    [
        b"nothing of ours",
        b"<!-- embedarchive:begin ",
        b"<!-- embedarchive:begin x --> <!-- embedarchive:end",
        b"<!-- embedarchive:begin sha256=00 !! --> <!-- embedarchive:end 00 -->",
        b"<!-- embedarchive:begin sha256=00 YQ== --> <!-- embedarchive:end 00 -->",
        f"<!-- embedarchive:begin sha256={A_DIGEST} YWI= --><!-- embedarchive:end 0 -->".encode(),
    ],
)
def test_marks_that_are_not_ours_are_left_alone(content: bytes) -> None:
    assert restore(content, "utf-8") == content


@given(st.text(max_size=60), st.data())
def test_any_page_comes_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    text = text[:start] + "<p>" + text[start:]
    record = article(text, text[start : end + 3])
    reference = record.references[0]
    reference = replace(reference, reference=replace(reference.reference, start=start, end=end + 3))
    mended = splice_article(replace(record, references=(reference,)), posts, LAYOUT).content
    assert restore(mended, "utf-8") == record.document.content
