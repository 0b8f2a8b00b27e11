"""The oEmbed backend: cases, every recorded answer of any year, hostile markup."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive import snowflake
from embedarchive.backends.oembed import BACKEND
from embedarchive.errors import UnexpectedResponse, Unreachable
from embedarchive.models import Answer, Outcome, Response, Target
from embedarchive.net import Client
from tests.backend_cases import cases, check
from tests.loopback import Server, faults
from tests.shared import SHARED, shared
from tests.timing import assert_linear

POST = "1600000000000000001"


def parse(post_id: str, body: bytes, status: int = 200) -> Answer:
    url = f"https://publish.x.com/oembed?url=https://x.com/i/status/{post_id}"
    response = Response(url, status, {}, body, datetime(2026, 9, 1, tzinfo=UTC))
    return BACKEND.parse(Target("x", post_id), response)


@pytest.mark.parametrize("case", cases("oembed"))
def test_case(case: dict[str, Any]) -> None:
    check(case, parse)


# --- recorded answers ------------------------------------------------------------------------

RECORDED = sorted((SHARED / "recorded/oembed").glob("[0-9]*.json"))
RECORDED_HTML = sorted((SHARED / "recorded/oembed_html").glob("[0-9]*.html"))
TAG = re.compile(r"<[^>]*>")
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def test_recorded_answers_are_there() -> None:
    shared("recorded/oembed")
    assert (len(RECORDED), len(RECORDED_HTML)) == (124, 15)


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_a_recorded_answer_keeps_all_it_shows(path: Path) -> None:
    body = json.loads(path.read_bytes())
    post_id = path.stem.partition("-")[0]
    assert_kept(post_id, body["html"], parse(post_id, path.read_bytes()))
    embed = parse(post_id, path.read_bytes()).embed
    assert embed is not None
    assert embed.author.name == body["author_name"]
    assert embed.author.handle == body["author_url"].rsplit("/", 1)[1]


@pytest.mark.parametrize("path", RECORDED_HTML, ids=lambda p: p.stem)
def test_recorded_markup_keeps_all_it_shows(path: Path) -> None:
    markup = path.read_text(encoding="utf-8")
    answer = parse(path.stem, json.dumps({"html": markup}).encode())
    assert_kept(path.stem, markup, answer)


def assert_kept(post_id: str, markup: str, answer: Answer) -> None:
    assert answer.outcome is Outcome.AVAILABLE
    embed = answer.embed
    assert embed is not None
    tag, inner = re.search(r"<p([^>]*)>(.*?)</p>", markup, re.DOTALL).groups()  # type: ignore[union-attr]
    shown = html.unescape(TAG.sub("", inner.replace("<br>", "\n").replace("<br/>", "\n")))
    assert embed.text == shown.rstrip()
    links = LINK.findall(inner)
    assert len(embed.entities) == len(links)
    for entity, (href, label) in zip(embed.entities, links, strict=True):
        assert embed.text[entity.start : entity.end].endswith(html.unescape(label))
        if "//t.co/" in href:
            assert entity.code == href.rsplit("/", 1)[1]
            assert entity.code in embed.codes
        else:
            assert entity.url == html.unescape(href)
    lang = re.search(r'lang="(\w+)"', tag)
    if lang and lang[1] not in ("und", "zxx"):
        assert embed.lang == {"in": "id", "iw": "he"}.get(lang[1], lang[1])
    direction = re.search(r'dir="(\w+)"', tag)
    assert embed.direction == (direction[1] if direction else None)
    made = snowflake.created_at(post_id)
    if made is not None:
        assert embed.created_on == made.date()


@pytest.mark.parametrize("name", ["error-2.json", "error-3.json", "error-4.json"])
def test_recorded_errors_are_no_posts(name: str) -> None:
    body = shared(f"recorded/oembed/{name}")
    with pytest.raises(UnexpectedResponse):
        parse(POST, body.read_bytes())
    with pytest.raises(UnexpectedResponse):
        parse(POST, body.read_bytes(), 400)


# --- hostile answers -------------------------------------------------------------------------


def good() -> dict[str, Any]:
    return next(c.values[0]["body"] for c in cases("oembed") if "2012" in c.values[0]["note"])


@pytest.mark.parametrize("key", sorted(good()))
def test_no_change_of_one_key_is_a_crash(key: str) -> None:
    for value in (None, 0, -1, "", "x", "\ud800", [], {}, True, 1e308, "https://[", "drop"):
        body = good()
        body[key] = value
        if value == "drop":
            del body[key]
        try:
            answer = parse(POST, json.dumps(body).encode())
        except UnexpectedResponse:
            continue
        assert answer.embed is not None
        repr(answer.embed).encode("utf-8")


@given(st.lists(st.sampled_from(re.split(r"(?=[<&\"])", good()["html"])), max_size=40))
def test_shuffled_markup_is_read_or_refused(pieces: list[str]) -> None:
    body = {"html": '<blockquote class="twitter-tweet">' + "".join(pieces)}
    try:
        embed = parse(POST, json.dumps(body).encode()).embed
    except UnexpectedResponse:
        return
    assert embed is not None
    for entity in embed.entities:
        assert 0 <= entity.start < entity.end <= len(embed.text)


@pytest.mark.parametrize("piece", ["<a ", "<p>", "<a href=x>", "<!--", "&amp", "<a href=''></a>"])
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    def make(size: int) -> bytes:
        markup = '<blockquote class="twitter-tweet">' + piece * (size // len(piece))
        return json.dumps({"html": markup}).encode()

    def work(body: bytes) -> None:
        with pytest.raises(UnexpectedResponse):
            parse(POST, body)

    assert_linear(work, make, 47_500)


# --- asking ----------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.add_post(POST, "harbour_notes", "Harbour Notes", "Fog & rain")
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with Client(user_agent="tests", endpoints=server.endpoints, retries=0) as client:
        yield client


@pytest.mark.parametrize("speaks_x", [True, False])
@pytest.mark.parametrize("handle", ["harbour_notes", None])
def test_the_service_is_asked_by_id(
    server: Server, net: Client, speaks_x: bool, handle: str | None
) -> None:
    server.world.speaks_x = speaks_x
    target = Target("x", POST)
    answer = BACKEND.parse(target, BACKEND.ask(target, handle, net))
    assert answer.embed is not None
    assert answer.embed.text == "Fog & rain"
    [asked] = server.world.asked
    assert asked.host == "publish.x.com"
    assert asked.query["url"] == f"https://x.com/{handle or 'i'}/status/{POST}"
    assert asked.query["omit_script"] == "1"


def test_a_redirect_to_the_old_host_is_followed(server: Server, net: Client) -> None:
    server.world.publish_redirects = True
    response = BACKEND.ask(Target("x", POST), None, net)
    assert response.final_url.startswith("https://publish.twitter.com/oembed?")
    assert BACKEND.parse(Target("x", POST), response).outcome is Outcome.AVAILABLE


def test_the_old_host_is_asked_where_the_new_one_fails(server: Server, net: Client) -> None:
    server.world.fault("publish.x.com", faults.closed())
    response = BACKEND.ask(Target("x", POST), None, net)
    assert BACKEND.parse(Target("x", POST), response).outcome is Outcome.AVAILABLE
    server.world.fault("publish.twitter.com", faults.closed())
    with pytest.raises(Unreachable):
        BACKEND.ask(Target("x", POST), None, net)
