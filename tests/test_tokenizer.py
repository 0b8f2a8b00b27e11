from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.tokenizer import (
    COMMENT,
    DATA,
    DOCTYPE,
    END,
    PLAINTEXT,
    RAWTEXT,
    RCDATA,
    SCRIPT_DATA,
    START,
    TEXT,
    attribute_values,
    attributes,
    comment_span,
    decode,
    is_self_closing,
    tokenize,
)
from tests.shared import shared
from tests.timing import assert_linear

STATES = {
    "Data state": DATA,
    "RCDATA state": RCDATA,
    "RAWTEXT state": RAWTEXT,
    "Script data state": SCRIPT_DATA,
    "PLAINTEXT state": PLAINTEXT,
}


EXCEPTIONS = {
    ("Script data state", "</XMP>"): "only a script's end tag ends a script",
}


def clean(value: str) -> str:
    """What the specification does to line ends and NUL, which a tokenizer with places does not."""
    return re.sub("\r\n?", "\n", value).replace("\0", "\ufffd")


def as_html5lib(text, tokens):
    out = []

    def characters(value):
        if out and out[-1][0] == "Character":
            out[-1][1] += value
        else:
            out.append(["Character", value])

    for token in tokens:
        raw = text[token.start : token.end]
        match token.kind:
            case "start":
                found = {}
                for attribute in attributes(text, token):
                    found.setdefault(clean(attribute.name), clean(attribute.value))
                closing = [True] if is_self_closing(text, token) else []
                out.append(["StartTag", clean(token.name), found, *closing])
            case "end":
                out.append(["EndTag", clean(token.name)])
            case "comment":
                start, end = comment_span(text, token)
                out.append(["Comment", clean(text[start:end])])
            case "doctype":
                out.append(["DOCTYPE"])
            case "text":
                characters(decode(re.sub("\r\n?", "\n", raw)))
            case "rcdata":
                characters(decode(clean(raw)))
            case "rawtext":
                characters(clean(raw))
    return out


def expected(tokens):
    out = []
    for token in tokens:
        if token[0] == "DOCTYPE":
            out.append(["DOCTYPE"])  # its identifiers say nothing about posts: not read
        elif token[0] == "Character" and out and out[-1][0] == "Character":
            out[-1][1] += token[1]
        else:
            out.append(list(token))
    return out


def unescaped(value):
    """The suite's "doubleEscaped" tests."""
    if isinstance(value, str):
        return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), value)
    if isinstance(value, list):
        return [unescaped(item) for item in value]
    if isinstance(value, dict):
        return {unescaped(key): unescaped(item) for key, item in value.items()}
    return value


SUITE = (
    *("contentModelFlags", "domjs", "entities", "escapeFlag", "namedEntities", "numericEntities"),
    *("pendingSpecChanges", "test1", "test2", "test3", "test4"),
    *("unicodeChars", "unicodeCharsProblematic"),
)
"""Without xmlViolation: those are for a mode that makes XML."""


@pytest.mark.parametrize("name", SUITE)
def test_html5lib(name):
    cases = json.loads(shared(f"payloads/html5lib/tokenizer/{name}.test").read_text("utf-8"))
    failures = []
    for case in cases["tests"]:
        if case.get("doubleEscaped"):
            case = unescaped(case)
        for label in case.get("initialStates", ["Data state"]):
            if label == "CDATA section state":
                continue  # only in SVG and MathML; here a CDATA section is a comment
            text, state = case["input"], STATES[label]
            tokens = tokenize(text, state=state, last_start=case.get("lastStartTag", ""))
            got = as_html5lib(text, tokens)
            if got != expected(case["output"]) and (label, text) not in EXCEPTIONS:
                failures.append((label, text, got, case["output"]))
    assert not failures, f"{len(failures)}: {failures[:12]}"


def test_places_are_exact():
    text = 'a<B  x="1 &amp; 2" y=z/>c<!-- d --><textarea><i></TEXTAREA>&lt;'
    tokens = tokenize(text)
    assert [(t.kind, text[t.start : t.end], t.name) for t in tokens] == [
        (TEXT, "a", ""),
        (START, '<B  x="1 &amp; 2" y=z/>', "b"),
        (TEXT, "c", ""),
        (COMMENT, "<!-- d -->", ""),
        (START, "<textarea>", "textarea"),
        (RCDATA, "<i>", ""),
        (END, "</TEXTAREA>", "textarea"),
        (TEXT, "&lt;", ""),
    ]
    x, y = attributes(text, tokens[1])
    assert (x.name, x.value, text[x.start : x.end]) == ("x", "1 & 2", "1 &amp; 2")
    assert (y.name, y.value, text[y.start : y.end]) == ("y", "z/", "z/")
    assert not is_self_closing(text, tokens[1])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("<svg><style/><b>", ["svg", "style", "b"]),
        ("<style/><b>", ["style"]),
        ("<svg/><style/><b>", ["svg", "style"]),
        ("<svg><title/></svg><title/><b>", ["svg", "title", "title"]),
    ],
)
def test_self_closing_raw_elements(text, names):
    """Only in SVG and MathML is a raw element without content possible."""
    assert [t.name for t in tokenize(text) if t.kind == START] == names


@pytest.mark.parametrize("text", ["a <title> b<i>", "1 <!-- 2 <i>", "<a href=' <i>"])
def test_lenient_reading_goes_on_behind_what_never_ends(text):
    assert "i" in [t.name for t in tokenize(text, is_lenient=True)]
    assert "i" not in [t.name for t in tokenize(text)]


HOSTILE = {
    "tags": "<a ",
    "comments": "<!--",
    "closed-comments": "<!-->",
    "bogus": "<!",
    "ends": "</",
    "quotes": "<a x='",
    "double": '<a x="<b y="',
    "equals": "<a =",
    "scripts": "<script><!--<script>",
    "script-ends": "<script></script ",
    "titles": "<title>",
    "titles-closed": "<title></title>",
    "divs": "<div>",
    "references": "&amp",
    "ampersands": "&",
    "names": "&aaaaaaaaaaaaaaaa",
    "digits": "&#99999999",
    "svg": "<svg><style/>",
}


@pytest.mark.parametrize("is_lenient", [False, True])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_linear_time(name, is_lenient):
    unit = HOSTILE[name]

    def work(text):
        for token in tokenize(text, is_lenient=is_lenient):
            if token.kind == START:
                is_self_closing(text, token)
        decode(text)

    assert_linear(work, lambda size: unit * (size // len(unit)), 100_000)


def test_forty_thousand_attributes():
    def work(text):
        (tag,) = tokenize(text)
        assert len(list(attributes(text, tag))) == text.count("=")

    def make(count):
        return "<a " + "".join(f"a{n}='{n}' " for n in range(count)) + ">"

    assert_linear(work, make, 10_000)


MARKUP = st.lists(
    st.sampled_from(
        (
            *("<", ">", "/", "a", "b=", '"', "'", " ", "\n", "&", "amp;", "#x41", "!", "--", "<?"),
            *("script", "<a ", "</a>", "<!--", "-->", "title", "svg", "\0", "é", "İ", "\ud800"),
        )
    )
).map("".join)


@given(MARKUP | st.text(), st.booleans())
def test_tokens_lie_in_order_and_attributes_in_their_tags(text, is_lenient):
    at = 0
    for token in tokenize(text, is_lenient=is_lenient):
        assert at <= token.start < token.end <= len(text)
        at = token.end
        if token.kind in (START, END):
            for attribute in attributes(text, token):
                assert token.start < attribute.start <= attribute.end < token.end
                value = text[attribute.start : attribute.end]
                assert attribute.value == decode(value, is_attribute=True)
            first = {found.name: found.value for found in reversed([*attributes(text, token)])}
            begun = token.start + 1 + len(token.name) + (token.kind == END)
            assert attribute_values(text, begun, token.end - 1) == first
        elif token.kind == COMMENT:
            start, end = comment_span(text, token)
            assert token.start < start <= end <= token.end


@given(st.text(alphabet=st.characters(exclude_characters="<")))
def test_text_without_markup_is_one_token(text):
    tokens = tokenize(text)
    assert [(t.kind, t.start, t.end) for t in tokens] == ([(TEXT, 0, len(text))] if text else [])


def test_doctype_is_a_token():
    assert [t.kind for t in tokenize("<!doctype html><p>")] == [DOCTYPE, START]
    assert [t.kind for t in tokenize("</p ><!DOC>")] == [END, COMMENT]
