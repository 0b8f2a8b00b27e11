"""What changes nothing: line ends, a byte order mark, the form of letters, blanks, windows."""

from __future__ import annotations

import json
import re
import tracemalloc
import unicodedata
from io import BytesIO
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from embedarchive import sifting
from embedarchive.documents import read_documents
from embedarchive.errors import InputError
from embedarchive.models import Document, Reference
from embedarchive.scan import scan
from tests.command import ROOT
from tests.making import make_document

CASES: list[tuple[str, str]] = [
    (case["content"], case["media_type"])
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl"))
    for case in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    if path.stem != "front_matter"  # it is what a document begins with
]
KINDS = ("text/plain", "text/markdown", "text/html")
each_case = pytest.mark.parametrize(("content", "media_type"), CASES)


def plain(text: str | None) -> str | None:
    """Text without what the changes below change."""
    if text is None:
        return None
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip(" ") for line in lines)


def known(reference: Reference) -> tuple[Any, ...]:
    """All that a reference says but where it lies."""
    claim = reference.claim
    who = (claim.network, claim.post_id, claim.handle, plain(claim.name), claim.date)
    said = (plain(claim.text), claim.codes, claim.flags, plain(reference.url))
    return (reference.form, reference.kind, *who, *said)


def found(content: str, media_type: str) -> list[tuple[Any, ...]]:
    document = make_document(content, media_type)
    references = scan(document)
    assert all(content[r.start : r.end] == r.raw for r in references)
    return [known(reference) for reference in references]


@each_case
def test_line_ends_change_nothing(content: str, media_type: str) -> None:
    unix = content.replace("\r\n", "\n")
    assert found(unix.replace("\n", "\r\n"), media_type) == found(unix, media_type)


@each_case
def test_blanks_behind_lines_and_behind_all_change_nothing(content: str, media_type: str) -> None:
    before = found(content, media_type)
    assert found(f"{content} \t\n \n", media_type) == before
    lines = (
        line if line.endswith("\r") or not line else f"{line}  " for line in content.split("\n")
    )
    assert found("\n".join(lines), media_type) == before


@each_case
def test_composed_and_decomposed_letters_are_the_same(content: str, media_type: str) -> None:
    composed = unicodedata.normalize("NFC", content)
    decomposed = unicodedata.normalize("NFD", content)
    assert found(decomposed, media_type) == found(composed, media_type)


def read(content: bytes, suffix: str, folder: Any) -> Document:
    path = folder / f"a.{suffix}"
    path.write_bytes(content)
    (document,) = read_documents(str(path))
    return document


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_changes_nothing(encoding: str, tmp_path: Any) -> None:
    for content, media_type in CASES[::7]:
        suffix = {"text/html": "html", "text/markdown": "md"}.get(media_type, "txt")
        marked = read(content.encode(encoding), suffix, tmp_path)
        assert marked.text == content
        assert [known(r) for r in scan(marked)] == found(content, media_type)


def ids(references: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return {(network, post_id) for _, _, network, post_id, *_ in references if post_id}


_ID = re.compile("[0-9]{15,}")
HEADINGS = {"text/html": "\n\n<h2>Elsewhere in the town</h2>\n\n"}


@settings(deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_two_articles_in_one_hold_the_references_of_both(data: Any, media_type: str) -> None:
    """Every id of both; where the first one leaves no element, comment or code open.

    Not of articles that name the same post: what a page shows, its data does not tell again. Nor
    of a JSON string read as if it were an article: its escapes are read where all of it has them.
    """
    heading = HEADINGS.get(media_type, "\n\n## Elsewhere in the town\n\n")
    probe = "https://x.com/harbour_news/status/1234567890123456789"
    closed = [
        c
        for c, kind in CASES
        if kind == media_type and r"\u2014" not in c and _ends(c + heading, media_type, probe)
    ]
    first, second = (data.draw(st.sampled_from(closed)) for _ in range(2))
    assume(not set(_ID.findall(first)) & set(_ID.findall(second)))
    both = ids(found(first + heading + second, media_type))
    assert both >= ids(found(first, media_type)) | ids(found(second, media_type))


def _ends(content: str, media_type: str, probe: str) -> bool:
    """Whether what stands behind is still seen as it is; in a box that is open a link is not."""
    behind = f"<p>As {probe} says.</p>" if media_type == "text/html" else f"{probe}\n"
    last = found(content + behind, media_type)[-1:]
    return last == found(behind, media_type)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.binary(max_size=12) | st.sampled_from(CASES).map(lambda c: c[0].encode())),
    st.sampled_from(("html", "md", "txt")),
    st.sampled_from((b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")),
)
def test_no_bytes_raise(pieces: list[bytes], suffix: str, mark: bytes) -> None:
    content = mark + b"".join(pieces)
    media_type = {"html": "text/html", "md": "text/markdown"}.get(suffix)
    try:
        documents = list(read_documents("-", stdin=BytesIO(content)))
    except InputError:  # the bytes begin as a packed stream or a Parquet file does, and are none
        return
    for document in documents:
        for kind in {document.media_type, media_type or "text/plain"}:
            same = make_document(document.text.encode("utf-8", "replace").decode(), kind)
            assert all(same.text[r.start : r.end] == r.raw for r in scan(same))
        assert all(document.text[r.start : r.end] == r.raw for r in scan(document))


NAMED = '{{"url": "https://x.com/some_name/status/{id}"}}\n'
LINK = (
    '<p class="note">See <a title="a > b" href="https://x.com/some_name/status/{id}">it</a></p>\n'
)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("script", "comment", "link", "title")), st.integers(1, 70)),
        min_size=1,
        max_size=14,
    ),
    st.integers(5_000, 9_000),
)
def test_no_window_begins_in_a_script(pieces: list[tuple[str, int]], window: int) -> None:
    """Scripts and comments reach over the edges of windows, and what they name is not shown."""
    text = ""
    for number, (kind, times) in enumerate(pieces):
        post = 1_650_000_000_000_000_000 + number
        inside = NAMED.format(id=post) * min(times, 40)
        text += {
            "script": f"<script>var data = [{inside}];</script>\n",
            "comment": f"<!-- {inside} -->\n",
            "title": f"<textarea>{inside}</textarea>\n",
            "link": LINK.format(id=post) * (times // 8 + 1),
        }[kind]
        text += "<p>Nothing of note was said at the pier that day.</p>\n" * times
    document = make_document(text, "text/html")
    whole, windowed = scan(document), scan(document, window=window)
    assert [(r.start, r.end, r.claim) for r in windowed] == [
        (r.start, r.end, r.claim) for r in whole
    ]


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_windows_bound_what_a_long_text_takes(
    media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sifting, "_plain", sifting._Judge(is_json=False))
    monkeypatch.setattr(sifting, "is_fast", lambda: False)  # a sieve made midway would count
    page = "<p>Nothing of note was said at <b>the pier</b> that day, as on twitter.</p>\n" * 3_000
    scan(make_document(page, media_type))  # what is made once
    peaks = []
    for times in (2, 8):
        document = make_document(page * times, media_type)
        tracemalloc.start()
        assert scan(document, window=len(page) // 2) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks
