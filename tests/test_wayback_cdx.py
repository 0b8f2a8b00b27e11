"""From handle and day to the post, through the Wayback Machine's index and its copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive import cdx, snowflake
from embedarchive.config import Settings
from embedarchive.errors import RateLimited, TooLarge, UnexpectedResponse, UsageError
from embedarchive.models import Alternative, Claim, CodeOwner, KnownClaim, Level, Resolution, Target
from embedarchive.net import Client
from embedarchive.resolve import chosen, resolve
from embedarchive.resolvers.wayback_cdx import RESOLVER
from tests.loopback import Copy, Reply, Server, faults
from tests.loopback.wayback import archive

ID = "1600000000000000002"  # made on 2022-12-06, 05:31 UTC
DAY = date(2022, 12, 6)
TEXT = "Fog over the pier this morning, the ferry waits"
OTHER = "The ferry has left after all, see you tomorrow"


class Nothing:
    """An archive that knows nothing."""

    def owners_of_code(self, code: str) -> list[CodeOwner]:
        return []

    def claims_like(self, claim: Claim) -> list[KnownClaim]:
        return []


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with Client(user_agent="tests", endpoints=server.endpoints, timeout=5, retries=0) as client:
        yield client


def claim(**more: Any) -> Claim:
    return Claim(**{"handle": "harbour_notes", "date": DAY, "text": TEXT, **more})


def held(server: Server, number: str, text: str, kind: str = "json", **more: Any) -> Copy:
    post = server.world.add_post(number, more.pop("handle", "Harbour_Notes"), "Harbour", text)
    return archive(server.world, post, kind, **more)


def found(net: Client, asked: Claim) -> list[Resolution]:
    findings, failures, _ = resolve(asked, Nothing(), net, resolvers=[RESOLVER])
    assert failures == []
    json.dumps([dict(finding.evidence) for finding in findings])
    return findings


# --- prefixes ------------------------------------------------------------------------------------


def test_the_prefixes_of_a_day() -> None:
    first, after = snowflake.day_bounds(DAY) or (0, 0)
    assert snowflake.prefixes(first, after, at_most=2) == ("1599", "1600")
    assert len(snowflake.prefixes(first, after, at_most=37)) == 37
    assert {len(prefix) for prefix in snowflake.prefixes(first, after, at_most=37)} == {6}


@given(
    st.dates(date(2010, 11, 6), date(2040, 1, 1)),
    st.integers(2, 40),
    st.floats(0, 1, exclude_max=True),
)
def test_every_id_of_a_day_begins_with_one_of_its_prefixes(
    day: date, at_most: int, share: float
) -> None:
    first, after = snowflake.day_bounds(day) or (0, 0)
    prefixes = snowflake.prefixes(first, after, at_most=at_most)
    number = str(first + int(share * (after - first)))
    assert sum(number.startswith(prefix) for prefix in prefixes) == 1
    is_early = day < date(2010, 12, 1)
    assert is_early or len(prefixes) <= at_most * len({len(str(first)), len(str(after - 1))})


# --- candidates ----------------------------------------------------------------------------------


def test_the_post_whose_text_it_is_is_matched(server: Server, net: Client) -> None:
    held(server, ID, TEXT)
    held(server, "1600000000000000009", OTHER, "page")
    held(server, "1600900000000000009", TEXT)  # of another day, under the same prefix
    held(server, "1600000000000000010", TEXT, handle="harbour_notes_too")
    taken, refused = found(net, claim())
    assert (taken.rule, taken.level, taken.target) == (
        "wayback_cdx", Level.MATCHED, Target("x", ID),
    )  # fmt: skip
    assert taken.evidence["agreement"] == 1.0
    assert str(taken.evidence["copy"]).startswith("https://web.archive.org/web/2023")
    assert refused.evidence["candidate"] == "1600000000000000009"
    assert refused.refused == "its archived copy says something else"


def test_copies_under_both_names_and_all_spellings_are_found(server: Server, net: Client) -> None:
    held(server, ID, TEXT, url=f"https://x.com/Harbour_Notes/status/{ID}?s=20")
    held(server, "1600000000000000009", OTHER, url="http://www.twitter.com/HARBOUR_NOTES/status/16")
    [taken] = found(net, claim())
    assert taken.target == Target("x", ID)


def test_two_posts_with_that_text_are_both_refused(server: Server, net: Client) -> None:
    held(server, ID, TEXT)
    held(server, "1600000000000000009", TEXT)
    findings = found(net, claim())
    assert [finding.target for finding in findings] == [None, None]
    assert {finding.refused for finding in findings} == {
        "2 archived posts of that day have the text"
    }


def test_a_copy_that_shows_nothing_decides_nothing(server: Server, net: Client) -> None:
    held(server, ID, TEXT, "empty")
    [finding] = found(net, claim())
    assert (finding.target, finding.refused) == (None, "no archived copy shows what it says")


def test_another_reading_of_the_text_may_be_the_right_one(server: Server, net: Client) -> None:
    held(server, ID, TEXT)
    readings = (Alternative(0, 9, OTHER[:30], 0.4), Alternative(0, 9, TEXT, 0.2))
    [finding] = found(net, claim(text="A line that is the editor's own", alternatives=readings))
    assert finding.target == Target("x", ID)


@pytest.mark.parametrize(
    "facts",
    [
        {"text": None},
        {"handle": None},
        {"date": None},
        {"handle": "../../etc"},
        {"network": "mastodon"},
        {"date": date(2009, 5, 1)},  # ids held no time then
        {"date": date.max, "date_tolerance": 1},
    ],
)
def test_a_claim_that_leaves_nothing_to_ask_for_asks_nothing(
    server: Server, net: Client, facts: dict[str, Any]
) -> None:
    assert found(net, claim(**facts)) == []
    assert server.world.asked == []


def test_a_tolerance_widens_the_days(server: Server, net: Client) -> None:
    held(server, ID, TEXT)
    assert found(net, claim(date=DAY + timedelta(1))) == []
    [finding] = found(net, claim(date=DAY + timedelta(1), date_tolerance=1))
    assert finding.target == Target("x", ID)


def test_too_many_candidates_are_all_refused(server: Server, net: Client) -> None:
    for number in range(30):
        held(server, str(int(ID) + 10 * number), TEXT)
    findings = found(net, claim())
    assert len(findings) == 30
    assert {finding.refused for finding in findings} == {
        "30 posts of that day are archived, too many to look at"
    }


def test_a_day_costs_four_questions_to_the_index(server: Server, net: Client) -> None:
    found(net, claim())
    asked = [dict(asked.query) for asked in server.world.asked]
    assert [query["url"] for query in asked] == [
        f"{host}/harbour_notes/status/{prefix}"
        for prefix in ("1599", "1600")
        for host in ("twitter.com", "x.com")
    ]
    assert all(query["matchType"] == "prefix" for query in asked)


def test_what_the_archive_refuses_is_an_error_or_nothing(server: Server, net: Client) -> None:
    server.world.blocked = {"twitter.com", "x.com"}
    assert found(net, claim()) == []
    server.world.fault("web.archive.org", faults.rate_limited())
    findings, [failure], _ = resolve(claim(), Nothing(), net, resolvers=[RESOLVER])
    assert findings == []
    assert isinstance(failure, RateLimited)


def test_resolvers_are_chosen_by_name() -> None:
    assert "wayback_cdx" not in Settings().resolvers
    assert [r.name for r in chosen(Settings().resolvers)] == list(Settings().resolvers)
    with pytest.raises(UsageError, match="no such resolver: guess"):
        chosen(["code_join", "guess"])


# --- the index -----------------------------------------------------------------------------------


def test_pages_are_joined_by_their_keys(server: Server, net: Client) -> None:
    urls = [f"https://twitter.com/harbour_notes/status/{ID}?s={number}" for number in range(4100)]
    server.world.copies = [Copy("20230101000000", url, Reply(200)) for url in urls]
    rows = list(cdx.rows("twitter.com/harbour_notes/status/16", net))
    assert sorted(row.original for row in rows) == sorted(urls)
    assert server.world.count("web.archive.org") == 3


def test_an_index_without_end_is_too_large(server: Server, net: Client) -> None:
    table = json.dumps([["20230101000000", "https://x.com/a", "text/html", "200"], [], ["more"]])
    server.world.fault("web.archive.org", Reply(200, table.encode(), faults.JSON))
    with pytest.raises(TooLarge):
        list(cdx.rows("x.com/", net))
    assert server.world.count("web.archive.org") == 10


def answer(body: object, status: int = 200) -> cdx.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return cdx.Response(cdx.URL, status, {}, raw, datetime(2026, 9, 1, tzinfo=UTC))


GOOD = ["20230101000000", "https://x.com/a", "text/html", "200"]


@pytest.mark.parametrize(
    "row",
    [
        [],
        GOOD[:3],
        [*GOOD, "more"],
        ["timestamp", "original", "mimetype", "statuscode"],
        ["00000000000000", *GOOD[1:]],
        ["20231301000000", *GOOD[1:]],
        ["٢0230101000000", *GOOD[1:]],
        ["2023", *GOOD[1:]],
        [20230101000000, *GOOD[1:]],
        [None] * 4,
        "20230101000000",
        None,
        {"timestamp": "20230101000000"},
    ],
)
def test_a_malformed_row_is_passed_over(row: object) -> None:
    rows, resume = cdx.read(answer([row, GOOD, row, GOOD]))
    assert [list(found) for found in rows] == [GOOD, GOOD]
    assert resume is None


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": 1}', b"[" * 100_000, b"1", b"null"])
def test_what_is_no_table_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        cdx.read(answer(body))
    assert caught.value.payload == body


@given(st.binary(max_size=80))
def test_no_bytes_crash_the_index(body: bytes) -> None:
    try:
        cdx.read(answer(body))
    except UnexpectedResponse:
        return
