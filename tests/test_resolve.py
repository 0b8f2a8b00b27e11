"""Resolvers in order, and claims held against captures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from embedarchive.errors import Unreachable
from embedarchive.judging import judge
from embedarchive.models import (
    Author,
    Capture,
    Claim,
    Embed,
    Fetcher,
    Index,
    Level,
    Outcome,
    Payload,
    Resolution,
    Target,
)
from embedarchive.resolve import resolve

LENS = Target("x", "1657692617044922369")  # 2023-05-14
TEXT = "The lens is on the barge.\nCome and see it lifted at ten."
EMBED = Embed(LENS, Author("SandholmPort", "Sandholm Harbour"), TEXT, codes=("Qw7LmT2xVd",))
CLAIM = Claim(
    handle="sandholmport",
    date=date(2023, 5, 14),
    text=f"{TEXT} pic.twitter.com/Qw7LmT2xVd",
    codes=("Qw7LmT2xVd",),
)


def capture(embed: Embed | None, outcome: Outcome = Outcome.AVAILABLE) -> Capture:
    asked = datetime(2024, 1, 1, tzinfo=UTC)
    return Capture(
        LENS, "syndication", outcome, asked, Payload("sha256:00", b"", "u", 200, {}), embed
    )


@pytest.mark.parametrize(
    ("claim", "embed", "level"),
    [
        (CLAIM, EMBED, Level.VERIFIED),
        (replace(CLAIM, text="The lens is on the barge. Come and see…"), EMBED, Level.VERIFIED),
        (replace(CLAIM, text=None), EMBED, Level.VERIFIED),
        (replace(CLAIM, date=None), EMBED, Level.VERIFIED),
        (replace(CLAIM, date=None, text=None), EMBED, Level.OBSERVED),
        (replace(CLAIM, handle=None), EMBED, Level.OBSERVED),
        (replace(CLAIM, handle="somebody_else"), EMBED, Level.DISPUTED),
        (replace(CLAIM, date=date(2023, 5, 13)), EMBED, Level.DISPUTED),
        (replace(CLAIM, date=date(2023, 5, 13), date_tolerance=1), EMBED, Level.VERIFIED),
        (replace(CLAIM, text="Nothing of the kind was said by anyone."), EMBED, Level.DISPUTED),
        # An old link names the account as it was called then.
        (Claim(handle="OldName", post_id=LENS.post_id), EMBED, Level.OBSERVED),
        # A post of pictures alone has no words that could differ.
        (
            replace(CLAIM, text="pic.twitter.com/Qw7LmT2xVd"),
            replace(EMBED, text=""),
            Level.VERIFIED,
        ),
        # The service cuts long posts without a sign; the article may hold all of it.
        (
            replace(CLAIM, text=f"{TEXT} And then there was much more to tell about it."),
            replace(EMBED, is_truncated=True),
            Level.VERIFIED,
        ),
    ],
)
def test_judge(claim: Claim, embed: Embed, level: Level) -> None:
    judgement = judge(claim, capture(embed))
    assert judgement is not None
    assert (judgement.level, judgement.target) == (level, LENS)


def test_a_difference_is_kept_word_by_word() -> None:
    judgement = judge(
        replace(CLAIM, text="The lens is on the train, and it stays."), capture(EMBED)
    )
    assert judgement is not None
    changes = judgement.evidence["difference"]
    assert isinstance(changes, list)
    told = "".join(c["text"] for c in changes if c["op"] != "insert")
    seen = "".join(c["text"] for c in changes if c["op"] != "delete")
    assert "train" in told
    assert "barge" in seen


def test_an_answer_without_the_post_judges_nothing() -> None:
    assert judge(CLAIM, capture(None, Outcome.NOT_FOUND)) is None


class Found:
    """A resolver with a canned finding."""

    def __init__(self, name: str, *findings: Resolution, is_online: bool = False) -> None:
        self.name, self.is_online, self.findings = name, is_online, findings
        self.asked = 0

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        self.asked += 1
        return list(self.findings)


class Broken(Found):
    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        raise Unreachable("t.co: no connection", host="t.co")


MATCH = Resolution("offline", Level.MATCHED, LENS)
REFUSED = Resolution("online", Level.CLAIMED, None, {"candidate": "1"}, "of another day")


def ask(*resolvers: Found, fetch: object = None) -> tuple[list[Resolution], int]:
    found, failures, _ = resolve(CLAIM, object(), fetch, resolvers=resolvers)  # type: ignore[arg-type]  # none asks it
    return found, len(failures)


def test_what_needs_no_network_is_asked_first_and_ends_it() -> None:
    online = Found("online", is_online=True)
    assert ask(online, Found("offline", MATCH), fetch=object()) == ([MATCH], 0)
    assert online.asked == 0


def test_online_resolvers_rest_without_a_network() -> None:
    online = Found("online", REFUSED, is_online=True)
    assert ask(online) == ([], 0)
    assert ask(online, fetch=object()) == ([REFUSED], 0)


def test_what_cannot_be_asked_does_not_hide_what_was_found() -> None:
    assert ask(Broken("a"), Found("b", MATCH)) == ([MATCH], 1)


def test_the_same_finding_twice_is_told_once() -> None:
    assert ask(Found("a", REFUSED, MATCH, REFUSED)) == ([MATCH, REFUSED], 0)
