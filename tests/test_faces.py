from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from embedarchive.cli.show import Face
from embedarchive.models import Author, PostRecord
from embedarchive.render import FACES
from embedarchive.tokenizer import START, tokenize

from .making_embeds import ID, features, make_capture, make_embed, make_record
from .test_card import hostile_records

FEATURES, _ = features()
WAYBACK = make_record(make_embed(), snapshot=make_capture(make_embed(), backend="wayback"))


def saying(text: str, *, name: str = "Ada Quill") -> PostRecord:
    embed = make_embed(text)
    return make_record(replace(embed, author=replace(embed.author, name=name), entities=()))


def test_the_command_line_names_every_face() -> None:
    assert {face.value for face in Face} == set(FACES)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_has_every_face(face: str, name: str) -> None:
    text = FACES[face](FEATURES[name])
    assert text.strip() == text
    assert text == FACES[face](FEATURES[name])


@pytest.mark.parametrize("face", FACES)
def test_foreign_text_is_printable(face: str) -> None:
    text = FACES[face](saying("a\x1b[31m\u202eb\x9b\ud800", name="A\x07\r\nB"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]", text)


# --- wikitext ------------------------------------------------------------------------------------


def test_cite_tweet() -> None:
    assert FACES["wikitext"](WAYBACK) == (
        f"{{{{cite tweet |author=Ada Quill |user=ada_quill |number={ID}"
        " |title=A quiet day at the harbour. |date=13 June 2021 |language=en"
        " |access-date=3 May 2024"
        " |archive-url=https://web.archive.org/web/20210614093000/https://x.com/i/status/1"
        " |archive-date=14 June 2021}}"
    )


@pytest.mark.parametrize("hostile", ["}}{{evil}}", "a|user=b", "[[x]]", "<ref>", "~~~~", "''b''"])
def test_wikitext_shows_markup_as_characters(hostile: str) -> None:
    text = FACES["wikitext"](saying(f"x {hostile} y\n* z", name=f"*{hostile}"))
    inner = text.removeprefix("{{cite tweet ").removesuffix("}}")
    assert not re.search(r"[{}\[\]<>~]|''", inner)
    names = re.findall(r"\|([a-z-]+)=", inner)
    assert names == ["author", "user", "number", "title", "date", "language", "access-date"]
    assert "\n" not in inner


def test_wikitext_of_a_stub_cites_the_web() -> None:
    assert FACES["wikitext"](FEATURES["stub"]).startswith("{{cite web |author=")


# --- BibTeX --------------------------------------------------------------------------------------


def test_bibtex() -> None:
    text = FACES["bibtex"](saying("100% {odd} $5 & #1_a \\x"))
    assert text.startswith(f"@misc{{x-{ID},\n  author = {{{{Ada Quill (@ada\\_quill)}}}},\n")
    title = r"100\% \textbraceleft{}odd\textbraceright{} \$5 \& \#1\_a \textbackslash{}x"
    assert f"title = {{{{{title}}}}}" in text
    assert f"url = {{https://x.com/ada_quill/status/{ID}}}" in text


@given(st.text(max_size=40), st.text(max_size=20))
def test_bibtex_braces_balance(text: str, name: str) -> None:
    depth = 0
    for character in FACES["bibtex"](saying(text, name=name)):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


# --- Markdown ------------------------------------------------------------------------------------


def shown(markdown: str) -> str:
    """What a reader sees of it."""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    assert {token.name for token in tokenize(html) if token.kind == START} <= {
        *("blockquote", "p", "strong", "a", "br"),
    }
    text = re.sub(r"<br />\n?", "\n", html)
    return re.sub(r"<[^>]*>", "", text)


def test_markdown_of_a_post() -> None:
    assert FACES["md"](saying("One.\nTwo *stars*.\n\n1. Three")) == (
        "> **Ada Quill** [@ada\\_quill](<https://x.com/ada_quill>) · 13 June 2021, 16:25 UTC\n>\n"
        "> One.\\\n> Two \\*stars\\*.\n>\n> 1\\. Three\n>\n"
        "> Verified. The post was seen: its author, day and text agree with the article."
        " From X’s embed service, captured 3 May 2024, 10:11 UTC.\n>\n"
        f"> [Original post](<https://x.com/ada_quill/status/{ID}>)"
    )


@given(st.text(alphabet="ab \n*_`[]()<>{}#+-=1.|~!&\\:;%$^@'\"", max_size=40))
def test_markdown_shows_every_character_as_it_is(text: str) -> None:
    seen = html_text(shown(FACES["md"](saying(text))))
    words = "".join(text.split())
    assert words in "".join(seen.split())


def html_text(text: str) -> str:
    for name, character in {"lt": "<", "gt": ">", "quot": '"', "amp": "&"}.items():
        text = text.replace(f"&{name};", character)
    return text


@pytest.mark.parametrize("payload", ["{{ site.secret }}", "{% include x %}", "<!-- embedarchive:"])
def test_markdown_runs_in_no_site_generator(payload: str) -> None:
    for record in hostile_records(payload):
        assert payload not in FACES["md"](record)


# --- JSON and text -------------------------------------------------------------------------------


def test_json_holds_what_is_known() -> None:
    data = json.loads(FACES["json"](FEATURES["disputed"]))
    assert data["level"] == "disputed"
    assert data["embed"]["author"]["handle"] == "ada_quill"
    assert data["references"][0]["claim"]["handle"]
    stub = json.loads(FACES["json"](FEATURES["stub"]))
    assert (stub["embed"], stub["post_id"]) == (None, None)


def test_text_names_the_author_the_day_and_how_it_is_known() -> None:
    text = FACES["text"](FEATURES["gone"])
    assert text.startswith("Ada Quill (@ada_quill), X, 13 June 2021, 16:25 UTC\n\n")
    assert "Unavailable since" in text
    assert text.endswith(f"/status/{ID}")


def test_a_poll_in_words() -> None:
    assert re.search(r"\n.+: [0-9]+ % \([0-9,]+\)\n", FACES["text"](FEATURES["poll"]))


def test_protected_author_without_name_has_faces() -> None:
    record = make_record(replace(make_embed(""), author=Author(handle="", name="")))
    for face in FACES.values():
        assert face(record)
