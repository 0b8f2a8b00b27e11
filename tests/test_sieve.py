"""What a sieve denies holds no reference: in plain bytes, in JSON, among the rows of a column."""

from __future__ import annotations

import itertools
import json
import tarfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from embedarchive.conditions import condition_of, holds
from embedarchive.forms import FORMS
from embedarchive.joining import merge
from embedarchive.patterns import in_bytes, in_json, pattern_of
from embedarchive.projection import Page
from embedarchive.scan import scan
from embedarchive.sieve import _SINGLE, _WIDE, Sieve, _may_hold
from tests.certain import certain_strings
from tests.command import ROOT
from tests.making import make_document
from tests.shared import shared

CASES = [
    json.loads(line)
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
MEDIA_TYPES = ("text/plain", "text/markdown", "text/html")
PATTERNS = sorted(
    {p for form in FORMS for p in (*condition_of(form).any_of, *condition_of(form).all_of)}
)


@pytest.fixture(scope="session")
def plain() -> Sieve:
    pytest.importorskip("hyperscan")
    return Sieve(FORMS)


@pytest.fixture(scope="session")
def in_lines() -> Sieve:
    pytest.importorskip("hyperscan")
    return Sieve(FORMS, is_json=True)


def _slashed(line: str) -> str:
    return line.replace("/", "\\/")


def _safe_for_html(line: str) -> str:
    for character in "<>&'=+@":
        line = line.replace(character, f"\\u{ord(character):04x}")
    return line


def _all_escaped(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'


def _needless(text: str) -> str:
    return json.dumps(text).replace("s", "\\u0073")


ENCODERS: tuple[Callable[[str], str], ...] = (
    json.dumps,
    lambda text: json.dumps(text, ensure_ascii=False),
    lambda text: _slashed(json.dumps(text)),
    lambda text: _safe_for_html(json.dumps(text)),
    lambda text: _safe_for_html(_slashed(json.dumps(text, ensure_ascii=False))),
    _all_escaped,
    _needless,
)


def _mixed(contents: Sequence[str], cut: int, length: int) -> str:
    text = "\n\n".join(contents)
    return text[:cut] + text[cut + length :]


CONTENTS = st.builds(
    _mixed,
    st.lists(st.sampled_from(CASES).map(lambda case: case["content"]), min_size=1, max_size=3),
    st.integers(0, 600),
    st.integers(0, 600),
)


def test_each_case_with_references_is_a_candidate(plain: Sieve, in_lines: Sieve) -> None:
    found = 0
    for case, media_type in itertools.product(CASES, MEDIA_TYPES):
        if scan(make_document(case["content"], media_type)):
            found += 1
            assert plain.holds(case["content"].encode())
            for encode in ENCODERS:
                line = encode(case["content"])
                assert json.loads(line) == case["content"]
                assert in_lines.holds(line.encode("utf-8", "surrogatepass"))
    assert found > len(CASES) / 2


@settings(deadline=None)  # the first reading loads the scorer
@given(CONTENTS, st.sampled_from(MEDIA_TYPES), st.sampled_from(ENCODERS))
def test_what_is_denied_holds_nothing(
    plain: Sieve, in_lines: Sieve, text: str, media_type: str, encode: Callable[[str], str]
) -> None:
    document = make_document(text, media_type)
    raw, line = document.content, encode(text).encode("utf-8", "surrogatepass")
    if not plain.holds(raw) or not in_lines.holds(line):
        assert scan(document) == []


@settings(deadline=None)
@given(CONTENTS, st.sampled_from(MEDIA_TYPES))
def test_the_conditions_of_forms_lose_nothing(text: str, media_type: str) -> None:
    document = make_document(text, media_type)
    page = Page(document)
    every = merge([found for form in FORMS for found in form.find(page)], document.text)
    assert scan(document) == every


@settings(deadline=None)
@given(st.lists(st.one_of(CONTENTS, st.text(max_size=40)), max_size=8))
def test_rows_are_told_apart(plain: Sieve, texts: list[str]) -> None:
    """One row's companion is none of its neighbour's, and no row is lost to another."""
    rows = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = [0, *itertools.accumulate(map(len, rows))]
    chosen = set(plain.rows(b"".join(rows), offsets))
    alone = {number for number, row in enumerate(rows) if plain.holds(row)}
    assert alone <= chosen
    assert plain.holds(b"".join(rows)) >= bool(chosen)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_each_pattern_is_the_same_to_all(
    plain: Sieve, in_lines: Sieve, pattern: str, data: st.DataObject
) -> None:
    """What `re` matches Hyperscan matches as well, in JSON too, wherever it stands."""
    assert pattern == pattern.lower() or "\\" in pattern
    hyperscan = pytest.importorskip("hyperscan")
    text = data.draw(st.from_regex(pattern_of([pattern]), fullmatch=True))
    text = text.decode("latin-1").encode().lower().decode()
    assume(pattern_of([pattern]).search(text.encode()))
    for written, raw in (
        (in_bytes(pattern), text.encode()),
        *((in_json(pattern), encode(text).encode()) for encode in ENCODERS[:5]),
    ):
        assert _matches(hyperscan, written, b"x" + raw + b"x"), (written, raw)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"ver\s{1,20}foto", r"ver\s{1,20}foto"),
        (r"ver\s{0,40}foto", r"ver\s*foto"),
        (r"@[a-z]{1,20}\)", r"@[a-z]{1,}\)"),
        (r"a[^<]{1,20}b", r"a[^<]{1,20}b"),
        (r"a[0-9]{1,9}b[0-9]{20}", r"a[0-9]{1,9}b[0-9]{20}"),
    ],
)
def test_how_patterns_are_written_for_hyperscan(pattern: str, written: str) -> None:
    assert in_bytes(pattern) == written


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"status(?:es)?[/\\]+[1-9]", {"status", "statuses"}),
        (r"view\s{1,20}(?:image|photo)s?\son", {"view"}),
        (r"(?:[/;]|2f)(?:@|%40)[a-z]+", {"/@", ";@", "2f@", "/%40", ";%40", "2f%40"}),
        (r"a(?:25){0,2}b", {"ab", "a25b", "a2525b"}),
        (r"[0-9](?:x|[a-z])", {""}),
        (r"@[a-z]{1,15}<", {"@"}),
    ],
)
def test_what_is_certain_of_a_pattern(pattern: str, strings: set[str]) -> None:
    assert certain_strings(pattern) == strings


def test_patterns_of_one_certain_byte_are_known() -> None:
    """One more of them, and Hyperscan would look at each byte for all that it looks for."""
    first = {
        pattern
        for form in FORMS
        for condition in [condition_of(form)]
        for pattern in condition.all_of or condition.any_of
    }
    for pattern in first.union(_WIDE):
        strings = certain_strings(in_bytes(pattern))
        known = [bytes_ for start, bytes_ in _SINGLE.items() if pattern.startswith(start)]
        if min(map(len, strings)) < 2 or known:
            assert [{string.encode("latin-1") for string in strings}] == [*map(set, known)]


@pytest.mark.parametrize("raw", [b"by @jack<br>", b"a\0b", b"a\x1b(B", b"by jack, nothing else"])
def test_a_view_is_asked_like_its_bytes(plain: Sieve, raw: bytes) -> None:
    """Also where the whole that it is of holds more, or is no bytes."""
    whole = b"@\0\x1b" + raw + b"@\0\x1b"
    views = (memoryview(whole)[3:-3], memoryview(bytearray(raw)), memoryview(raw))
    assert {plain.forms(view) for view in views} == {plain.forms(raw)}
    assert {plain.holds(view) for view in views} == {plain.holds(raw)}


@pytest.mark.parametrize(
    ("whole", "bytes_", "may"),
    [
        (b"by jack", (b"@",), False),
        (bytearray(b"by jack"), (b"@",), False),
        (b"by @jack", (b"\0", b"@"), True),
        (bytearray(b"by @jack"), (b"\0", b"@"), True),
        (bytearray(b"by jack"), (), True),
        (array("B", b"by jack"), (b"@",), True),
        (None, (b"@",), True),
    ],
)
def test_bytes_are_spared_a_database(whole: object, bytes_: Sequence[bytes], may: bool) -> None:
    """Where they can be searched at once, and hold none of its certain ones."""
    assert _may_hold(whole, bytes_) is may


def test_a_time_in_front_of_all_handles_is_no_widget(plain: Sieve) -> None:
    time, handle = b"3:05 PM - Apr 1, 2018\n", b"@jack\n"
    widget = next(form for form in FORMS if form.name == "widget_text")
    for raw, is_there in ((handle + time, True), (time + handle, False)):
        assert ("widget_text" in plain.forms(raw)) is is_there
        assert plain.holds(raw) is is_there
        assert plain.rows(time + raw, [0, len(time), len(time + raw)]) == [1] * is_there
        assert holds(widget, raw.lower()) is is_there


_DATABASES: dict[str, Any] = {}


def _matches(hyperscan: Any, pattern: str, raw: bytes) -> bool:
    if pattern not in _DATABASES:
        _DATABASES[pattern] = hyperscan.Database()
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_DOTALL
        _DATABASES[pattern].compile(expressions=[pattern.encode()], ids=[0], flags=[flags])
    ends: list[int] = []
    _DATABASES[pattern].scan(raw, match_event_handler=lambda *match: ends.append(match[2]))
    return bool(ends)


def _real_texts() -> Iterator[tuple[str, str]]:
    for line in shared("evalset/dev.jsonl").read_text(encoding="utf-8").splitlines()[::4]:
        yield json.loads(line)["text"], "text/plain"
    with tarfile.open(shared("evalset/dev_html.tar.gz")) as pages:
        for member in itertools.islice(pages, 0, None, 6):
            file = pages.extractfile(member) if member.isfile() else None
            if file is not None:
                yield file.read().decode("utf-8", "replace"), "text/html"


def test_on_real_articles(plain: Sieve, in_lines: Sieve) -> None:
    denied = 0
    for text, media_type in _real_texts():
        document = make_document(text, media_type)
        lines = [encode(text).encode() for encode in ENCODERS[:4]]
        if not plain.holds(document.content) or not all(map(in_lines.holds, lines)):
            denied += 1
            assert scan(document) == []
    assert denied > 10


def test_a_form_without_patterns_has_its_literals() -> None:
    bare = [one for one in FORMS if not hasattr(one, "patterns")]
    assert bare
    for form, text in [(one, text) for one in bare for text in one.literals]:
        companions = getattr(form, "companions", ())
        assert holds(form, b"a" + text + b"b") is (not companions)
