"""Which URLs name a post of which network."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.models import Kind, Network, PostUrl
from embedarchive.networks import NETWORKS, identify
from embedarchive.networks._urls import parameter, split
from embedarchive.networks.x import NETWORK as X
from tests.shared import shared
from tests.timing import assert_linear

CASES = Path(__file__).parent / "cases" / "networks"
BY_NAME = {network.name: network for network in NETWORKS}


def _rows() -> list[tuple[str, dict[str, object]]]:
    return [
        (path.stem, json.loads(line))
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


ROWS = _rows()
FOUND = [(name, row) for name, row in ROWS if row["post_id"] is not None]


def _ids(rows: list[tuple[str, dict[str, object]]]) -> list[str]:
    return [f"{name}:{ascii(row['url'])[1:90]}" for name, row in rows]


@pytest.mark.parametrize(("name", "row"), ROWS, ids=_ids(ROWS))
def test_case(name: str, row: dict[str, object]) -> None:
    url = str(row["url"])
    post = BY_NAME[name].identify(url) if url.startswith("at:") else identify(url)
    if row["post_id"] is None:
        assert post is None
        return
    assert post is not None
    assert post.target.network == ("x" if name.startswith("_") else name)
    assert post.target.post_id == row["post_id"]
    assert post.handle == row["handle"]
    assert post.wrapper == row.get("wrapper")
    assert post.kind == row.get("kind", "link")


def _host(url: str) -> str:
    parts = split(url)
    assert parts is not None
    return parts.host


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_every_network_has_cases_of_both_kinds(network: Network) -> None:
    rows = [row for name, row in ROWS if name == network.name]
    assert any(row["post_id"] is None for row in rows)
    assert any(row["post_id"] is not None for row in rows)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_network_is_named_like_its_file(network: Network) -> None:
    assert type(network).__module__ == f"embedarchive.networks.{network.name}"


def test_hosts_are_disjoint() -> None:
    for one, other in combinations(NETWORKS, 2):
        assert not one.hosts & other.hosts


@pytest.mark.parametrize(("name", "row"), FOUND, ids=_ids(FOUND))
def test_canonical_url_is_a_fixed_point(name: str, row: dict[str, object]) -> None:
    url = str(row["url"])
    post = BY_NAME[name].identify(url) if url.startswith("at:") else identify(url)
    assert post is not None
    network = BY_NAME[post.target.network]
    for handle in (None, post.handle):
        url = network.canonical_url(post.target.post_id, handle)
        again = network.identify(url)
        assert again is not None
        assert again == identify(url)
        assert again.target == post.target
        assert again.wrapper is None
        assert network.canonical_url(again.target.post_id, handle) == url


@pytest.mark.parametrize(("name", "row"), FOUND, ids=_ids(FOUND))
def test_literals_occur_in_every_url(name: str, row: dict[str, object]) -> None:
    if name.startswith("_") or str(row["url"]).startswith("at:"):
        return
    url = str(row["url"]).lower().encode()
    assert any(literal in url for literal in BY_NAME[name].literals)


@pytest.mark.parametrize(
    ("path", "object_kind"),
    [
        ("i/events/1484669206993903616", "event"),
        ("i/moments/650667182356082688", "moment"),
        ("i/spaces/1gqxvQzwmbOJB", "space"),
        ("i/broadcasts/1OwxWYzDXjWGQ", "broadcast"),
        ("i/article/1585341984679469056", "article"),
        ("i/lists/1484669206993903616", None),
        ("harbour_news/status/46", None),
    ],
)
def test_other_objects_of_x(path: str, object_kind: str | None) -> None:
    assert X.identify_object(f"https://x.com/{path}") == object_kind
    assert X.identify_object(f"https://x.com.evil.test/{path}") is None


def test_an_inner_url_of_a_wrapper_may_be_of_any_network() -> None:
    inner = "https://www.instagram.com/p/Cabc123_-xy/"
    post = identify(f"https://web.archive.org/web/2020/{inner}")
    assert post is not None
    assert (post.target.network, post.wrapper) == ("instagram", "archive")
    assert identify(f"https://r.example/go?url={quote(inner, safe='')}") == PostUrl(
        post.target, None, Kind.LINK, "redirect"
    )


def test_a_parameter_given_twice_must_agree() -> None:
    assert parameter("a=1&b=2&amp;a=1", "a") == "1"
    assert parameter("a=1&b=2&a=3", "a") is None
    assert parameter("ab=1", "a") is None


# --- hostile input -----------------------------------------------------------------------------

_WORDS = (
    r"https:// http:/ // / \ @ : :443 ? # #! %23! .. %2e %2F %3A %30 ． 。 ａ ٢٠ &amp; & = url= u="
    " twitter.com twitter.com. x.com evil.test i web status statuses article 1585341984679469056 20"
    " tweet_id= intent/like @user user web.archive.org /web/2018/ bsky.app profile post did:plc:"
    " comments watch?v= youtu.be embed facebook.com posts p reel"
)
_PIECES = st.sampled_from([*_WORDS.split(" "), " ", "\t", "\n", "\x00"])


@given(st.lists(_PIECES | st.text(max_size=5), max_size=14).map("".join))
def test_any_text_gives_a_well_formed_post_or_none(url: str) -> None:
    post = identify(url)
    if post is None:
        return
    if post.target.network == "x":
        assert post.target.post_id.isascii()
        assert post.target.post_id.isdigit()
        assert 0 < int(post.target.post_id) < 2**63
        assert post.handle is None or (post.handle.isascii() and 1 <= len(post.handle) <= 15)
    network = BY_NAME[post.target.network]
    again = identify(network.canonical_url(post.target.post_id, post.handle))
    assert again is not None
    assert again.target == post.target


@given(
    st.sampled_from(["twitter.com", "x.com", "www.twitter.com"]),
    st.text(st.characters(exclude_characters="/?#:"), min_size=1, max_size=12),
    st.booleans(),
)
def test_what_stands_beside_the_host_makes_it_another(host: str, junk: str, before: bool) -> None:
    glued = f"https://{junk}{host}" if before else f"https://{host}{junk}"
    post = identify(f"{glued}/user/status/20")  # too short for an unknown mirror
    assert post is None or _host(glued) in X.hosts


@given(st.lists(_PIECES, max_size=10).map("".join))
def test_a_strict_parser_reads_the_same_host(url: str) -> None:
    ada = pytest.importorskip("ada_url")
    parts = split(url)
    if parts is None or url.lower().count("http") != 1 or "http:/" not in url[:6].lower():
        return
    try:
        theirs = ada.URL(url.strip())
    except ValueError:
        return  # we may read a host that is no valid domain; it is in no set of ours
    if parts.host in X.hosts or theirs.hostname in X.hosts:
        assert theirs.hostname == parts.host


def test_a_strict_parser_reads_the_same_post() -> None:
    ada = pytest.importorskip("ada_url")
    for _, row in FOUND:
        url = str(row["url"])
        if url.startswith("http") and url.lower().count("http") == 1:
            theirs = ada.URL(url)
            assert theirs.hostname == _host(url)
            assert urlsplit(theirs.href).hostname == _host(url)


@pytest.mark.parametrize(
    "piece",
    ["https://", "/http://a", "a.", "a-", "/status/", "%25", "url=https%3A", "@a.", "/a", "&amp;"],
)
@pytest.mark.parametrize("start", ["https://twitter.com/", "https://a.example/?url=", ""])
def test_time_is_bounded(start: str, piece: str) -> None:
    assert_linear(identify, lambda size: start + piece * (size // len(piece) - 10), 2_000)
    url = start + piece * (8000 // len(piece) - 10)
    assert_linear(identify, lambda size: url + "x" * size, 250_000)


def test_real_urls() -> None:
    """All the ids and handles of the measured samples, and no other."""
    missed = []
    for line in shared("samples.jsonl").read_text(encoding="utf-8").splitlines():
        sample = json.loads(line)
        if sample["format"] != "url":
            continue
        post = identify(sample["content"])
        expected = sample["expect"][0] if sample["expect"] else {"id": None, "handle": None}
        found = (post.target.post_id.split("/")[-1], post.handle) if post else (None, None)
        if found != (expected["id"], expected["handle"]):
            missed.append((sample["content"], found))
    assert not missed
