"""The shelf of resolvers: which candidates are taken, and which are refused and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import embedarchive.resolvers as shelf
from embedarchive.errors import RateLimited, UnexpectedResponse, Unreachable
from embedarchive.models import Claim, CodeOwner, Level, Resolution, Resolver, Target
from embedarchive.net import Client
from embedarchive.resolvers import RESOLVERS
from embedarchive.resolvers.code_join import RESOLVER as CODE_JOIN
from embedarchive.resolvers.redirect import RESOLVER as REDIRECT
from tests.loopback import Picture, Reply, Server, faults
from tests.shared import shared

CODE = "MediaCode1"
ID = "1600000000000000002"  # made on 2022-12-06, 05:31 UTC
DAY = date(2022, 12, 6)
FILES = [p.stem for p in Path(shelf.__path__[0]).glob("*.py") if not p.name.startswith("_")]


class Codes(dict[str, list[CodeOwner]]):
    def owners_of_code(self, code: str) -> list[CodeOwner]:
        return self.get(code, [])


def claim(**more: Any) -> Claim:
    facts = {"handle": "harbour_notes", "date": DAY, "codes": (CODE,)}
    return Claim(**{**facts, **more})


def owner(post_id: str = ID, handle: str | None = "harbour_notes") -> CodeOwner:
    return CodeOwner(Target("x", post_id), handle, "payload:sha256:00")


def only(findings: list[Resolution]) -> Resolution:
    [finding] = findings
    json.dumps(finding.evidence)
    assert finding.level is Level.MATCHED
    assert (finding.target is None) == (finding.refused is not None)
    return finding


def test_each_file_is_an_entry_named_like_it() -> None:
    assert sorted(FILES) == [resolver.name for resolver in RESOLVERS]
    for name in FILES:
        assert import_module(f"embedarchive.resolvers.{name}").RESOLVER.name == name


@pytest.mark.parametrize("resolver", RESOLVERS, ids=lambda r: r.name)
def test_a_claim_that_says_nothing_finds_nothing(resolver: Resolver) -> None:
    assert resolver.resolve(Claim(), Codes(), None) == []


# --- code_join -------------------------------------------------------------------------------


def test_the_owner_of_a_code_is_matched() -> None:
    finding = only(CODE_JOIN.resolve(claim(handle="Harbour_Notes"), Codes({CODE: [owner()]}), None))
    assert finding.rule == "code_join"
    assert finding.target == Target("x", ID)
    assert finding.evidence == {
        "code": CODE,
        "source": "payload:sha256:00",
        "candidate": ID,
        "claimed_handle": "Harbour_Notes",
        "candidate_handle": "harbour_notes",
        "claimed_day": "2022-12-06",
        "candidate_day": "2022-12-06",
    }


@pytest.mark.parametrize(
    ("facts", "candidate", "words"),
    [
        ({"date": date(2022, 12, 7)}, owner(), "says 2022-12-07, the id 2022-12-06 UTC"),
        ({"date": date(2022, 12, 8), "date_tolerance": 1}, owner(), "says 2022-12-08"),
        ({}, owner(handle="gull"), "names @harbour_notes, the post is by @gull"),
        ({"handle": None, "date": date(2021, 1, 1)}, owner(), "says 2021-01-01"),
    ],
)
def test_an_owner_that_the_document_contradicts_is_refused(
    facts: dict[str, Any], candidate: CodeOwner, words: str
) -> None:
    finding = only(CODE_JOIN.resolve(claim(**facts), Codes({CODE: [candidate]}), None))
    assert finding.target is None
    assert words in (finding.refused or "")
    assert finding.evidence["candidate"] == ID


@pytest.mark.parametrize(
    ("facts", "candidate"),
    [
        ({"date": date(2022, 12, 7), "date_tolerance": 1}, owner()),
        ({"handle": None}, owner()),
        ({"date": None}, owner(handle=None)),
        ({"date": date(2009, 5, 1)}, owner("1700000000")),  # an id that tells no time
    ],
)
def test_what_nothing_contradicts_is_matched(facts: dict[str, Any], candidate: CodeOwner) -> None:
    finding = only(CODE_JOIN.resolve(claim(**facts), Codes({CODE: [candidate]}), None))
    assert finding.target == candidate.target


def test_a_reshared_picture_is_told_by_handle_and_day() -> None:
    codes = Codes({CODE: [owner("1700000000000000000", "gull"), owner()]})
    reshared, own = CODE_JOIN.resolve(claim(), codes, None)
    assert (reshared.target, own.target) == (None, Target("x", ID))


def test_two_posts_that_both_fit_are_both_refused() -> None:
    codes = Codes({CODE: [owner(), owner("1600000000000000009")]})
    findings = CODE_JOIN.resolve(claim(), codes, None)
    assert [finding.target for finding in findings] == [None, None]
    assert "x:1600000000000000002, x:1600000000000000009" in (findings[0].refused or "")


def test_two_codes_of_one_post_are_one_post() -> None:
    codes = Codes({CODE: [owner()], "AbCdEfGh12": [owner()]})
    findings = CODE_JOIN.resolve(claim(codes=("AbCdEfGh12", CODE)), codes, None)
    assert {finding.target for finding in findings} == {Target("x", ID)}


def test_codes_of_another_network_do_not_count() -> None:
    other = CodeOwner(Target("bluesky", "3k"), None, "document:a")
    assert CODE_JOIN.resolve(claim(), Codes({CODE: [other]}), None) == []


# --- redirect --------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.add_post(
            ID, "harbour_notes", "Harbour Notes", "Fog", media=(Picture("Fog"),), code=CODE
        )
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with Client(user_agent="embedarchive", endpoints=server.endpoints, retries=0) as client:
        yield client


@pytest.fixture
def browser(server: Server) -> Iterator[Client]:
    agent = "Mozilla/5.0 (X11; Linux x86_64)"
    with Client(user_agent=agent, endpoints=server.endpoints, retries=0) as client:
        yield client


def test_a_media_code_leads_to_its_post(server: Server, net: Client) -> None:
    finding = only(REDIRECT.resolve(claim(), Codes(), net))
    assert finding.target == Target("x", ID)
    assert finding.evidence["location"] == f"https://x.com/harbour_notes/status/{ID}/photo/1"
    assert finding.evidence["code"] == CODE
    assert [asked.host for asked in server.world.asked] == ["t.co"]


def test_the_page_that_browsers_get_is_read_as_well(server: Server, browser: Client) -> None:
    server.world.codes[CODE] += "?a=1&b=2"
    finding = only(REDIRECT.resolve(claim(), Codes(), browser))
    assert finding.target == Target("x", ID)
    assert str(finding.evidence["location"]).endswith("/photo/1?a=1&b=2")


@pytest.mark.parametrize("name", ["browser-2013.html", "browser-2016.json"])
def test_recorded_pages_are_read(server: Server, net: Client, name: str) -> None:
    body = shared(f"recorded/tco/{name}").read_text()
    page = json.loads(body)["body"] if name.endswith("json") else body
    server.world.fault("t.co", Reply(200, page.encode(), faults.HTML))
    finding = only(REDIRECT.resolve(claim(), Codes(), net))
    expected = "http://mdoc.su/n/curl" if "2016" in name else "http://bit.ly/XFwn3X"
    assert finding.evidence["location"] == expected


def test_only_the_script_is_left(server: Server, net: Client) -> None:
    page = f'<script>location.replace("https:\\/\\/x.com\\/a\\/status\\/{ID}\\/video\\/1")</script>'
    server.world.fault("t.co", Reply(200, page.encode(), faults.HTML))
    assert only(REDIRECT.resolve(claim(handle=None), Codes(), net)).target == Target("x", ID)


def test_a_code_that_t_co_does_not_know_is_asked_of_pic(server: Server, net: Client) -> None:
    server.world.fault("t.co", Reply(404))
    assert only(REDIRECT.resolve(claim(), Codes(), net)).target == Target("x", ID)
    assert [asked.host for asked in server.world.asked] == ["t.co", "pic.twitter.com"]


@pytest.mark.parametrize(
    ("location", "facts", "words"),
    [
        (f"https://x.com/gull/status/{ID}/photo/1", {}, "the post is by @gull"),
        (
            "https://x.com/harbour_notes/status/1700000000000000000/photo/1",
            {},
            "the document says 2022-12-06, the id 2023-09-08 UTC",
        ),
        (f"https://x.com/gull/status/{ID}", {}, "the post is by @gull"),
        (f"https://x.com/harbour_notes/status/{ID}", {"date": None}, "may be a quoted post"),
        (f"https://x.com/harbour_notes/status/{ID}", {"handle": None}, "may be a quoted post"),
        (f"https://x.com/i/status/{ID}", {}, "may be a quoted post"),
        ("https://harbour.example/fog", {}, "leads to https://harbour.example/fog"),
        (f"https://twitter.com.evil.example/a/status/{ID}/photo/1", {}, "which is no post"),
        (
            f"https://twitter.com/safety/unsafe_link_warning?unsafe_link=https://x.com/a/status/{ID}",
            {},
            "a warning page",
        ),
        (f"https://nitter.net/harbour_notes/status/{ID}/photo/1", {}, "which is no post"),
        (f"https://evil.example/harbour_notes/status/{ID}", {}, "which is no post"),
        ("https://t.co/MediaCode1", {}, "in a circle"),
        ("http://169.254.169.254/latest/", {}, "which is no post"),
        ("javascript:alert(1)", {}, "which is no post"),
        ("https://[", {}, "which is no post"),
    ],
)
def test_a_code_that_leads_elsewhere_is_refused(
    server: Server, net: Client, location: str, facts: dict[str, Any], words: str
) -> None:
    server.world.codes[CODE] = location
    finding = only(REDIRECT.resolve(claim(**facts), Codes(), net))
    assert finding.target is None
    assert words in (finding.refused or "")
    assert {asked.host for asked in server.world.asked} == {"t.co"}


@pytest.mark.parametrize(
    "location",
    [
        f"https://twitter.com/Harbour_Notes/status/{ID}/video/1",
        f"http://twitter.com/harbour_notes/status/{ID}/photo/2",
        f"https://x.com/i/status/{ID}/photo/1",
        f"https://x.com/harbour_notes/status/{ID}",
    ],
)
def test_forms_of_the_target_that_count(server: Server, net: Client, location: str) -> None:
    server.world.codes[CODE] = location
    assert only(REDIRECT.resolve(claim(), Codes(), net)).target == Target("x", ID)


def test_an_unknown_code_is_refused(server: Server, net: Client) -> None:
    finding = only(REDIRECT.resolve(claim(codes=("NoSuchCode",)), Codes(), net))
    assert finding.refused == "no such code is known"
    assert len(server.world.asked) == 2


def test_the_last_code_is_asked_first_and_ends_it(server: Server, net: Client) -> None:
    codes = ("../../etc", "", "AbCdEfGh12", CODE)
    finding = only(REDIRECT.resolve(claim(codes=codes), Codes(), net))
    assert finding.target == Target("x", ID)
    assert [asked.path for asked in server.world.asked] == [f"/{CODE}"]


def test_codes_are_case_sensitive_and_few(server: Server, net: Client) -> None:
    codes = tuple(f"AbCdEfGh{number:02}" for number in range(40))
    assert len(REDIRECT.resolve(claim(codes=(*codes, CODE.lower())), Codes(), net)) == 8


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.rate_limited("9999"), RateLimited),
        (faults.closed(), Unreachable),
        (Reply(200, b"<title>Sign in</title>", faults.HTML), UnexpectedResponse),
        (Reply(403, b"", {}), UnexpectedResponse),
        (Reply(301, b"", {}), UnexpectedResponse),
    ],
)
def test_what_could_not_be_asked_is_an_error(
    server: Server, net: Client, fault: Reply, kind: type[Exception]
) -> None:
    server.world.fault("t.co", fault)
    with pytest.raises(kind):
        REDIRECT.resolve(claim(), Codes(), net)


def test_one_code_that_could_not_be_asked_does_not_hide_another(
    server: Server, net: Client
) -> None:
    server.world.fault("t.co", faults.closed(), path="/Broken0001")
    codes = (CODE, "Broken0001")
    assert only(REDIRECT.resolve(claim(codes=codes), Codes(), net)).target == Target("x", ID)
