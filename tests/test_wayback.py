"""The Wayback Machine's backend: cases, recorded copies, what it asks, hostile changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from embedarchive import cdx
from embedarchive.backends.wayback import BACKEND
from embedarchive.capture import capture
from embedarchive.config import Settings
from embedarchive.errors import UnexpectedResponse
from embedarchive.models import Answer, Outcome, Response, Target
from embedarchive.net import Client
from tests.backend_cases import cases, check
from tests.loopback import Post, Server, life, recorded
from tests.loopback.wayback import archive
from tests.mutations import assert_sound, changes
from tests.shared import SHARED, shared
from tests.timing import assert_linear

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ARCHIVED = {"memento-datetime": "Mon, 05 Aug 2013 06:07:08 GMT"}
POST = Target("x", "1600000000000000002")


def parse(
    post_id: str,
    body: bytes,
    status: int = 200,
    *,
    headers: dict[str, str] = ARCHIVED,
    url: str = "",
) -> Answer:
    url = url or (
        f"https://web.archive.org/web/20130805060708id_/"
        f"https://twitter.com/harbour_notes/status/{post_id}"
    )
    return BACKEND.parse(Target("x", post_id), Response(url, status, headers, body, NOW))


@pytest.mark.parametrize("case", cases("wayback"))
def test_case(case: dict[str, Any]) -> None:
    more = {key: case[key] for key in ("headers", "url") if key in case}
    check(case, partial(parse, **more))


# --- recorded answers ----------------------------------------------------------------------------

PAGES = {
    "legacy-2016-363116819147538433": (
        "I'm a sucker for pledges.  @Peers Pledge #sharingeconomy http://t.co/T4Sc47KAzh",
        "Vyki Englert",
        0,
    ),
    "x-shell-og-2024-880139124791029763": (
        "Experimenting with Clearbit API + Apple TV 3D Parallax https://t.co/Qsm163k4mJ",
        "#!/kiko/beats",
        1,
    ),
    "x-shell-og-2025-880139124791029763": (
        "Experimenting with Clearbit API + Apple TV 3D Parallax https://t.co/Qsm163k4mJ",
        "#!/kiko/beats",
        1,
    ),
    "x-shell-og-2025-934106870834454529": (
        "Y terminamos el dia con Cultura de empresa con @patoroco, @flopezluis, Katia, Angélica"
        " en @codemotion_es #codemotion2017",
        "SmartUA",
        1,
    ),
    "x-shell-og-2025-957383241714970624": (
        "Is it bad to blow into game cartridges?",
        "The Verge",
        1,
    ),
}


def test_each_recorded_page_has_its_expectation() -> None:
    found = {path.stem for path in shared("recorded/pages").glob("*.html")}
    assert found == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_recorded_page_tells_its_post(name: str) -> None:
    post_id = name.rpartition("-")[2]
    answer = parse(post_id, shared(f"recorded/pages/{name}.html").read_bytes())
    assert answer.embed is not None
    text, author, pictures = PAGES[name]
    assert (answer.embed.text, answer.embed.author.name) == (text, author)
    assert len(answer.embed.media) == pictures


@pytest.mark.parametrize(
    "path", sorted((SHARED / "recorded/graphql").glob("*.json")), ids=lambda p: p.stem
)
def test_a_recorded_post_in_the_shape_of_api_1_1_keeps_its_fields(path: Path) -> None:
    """What API 1.1 told lives on in other answers, as `legacy`."""
    result = json.loads(path.read_bytes())["data"]["tweetResult"]["result"]
    legacy = result["legacy"]
    user = result["core"]["user_results"]["result"]
    body = {**legacy, "user": {**user.get("core", {}), **user["legacy"]}}
    embed = parse(legacy["id_str"], json.dumps(body).encode()).embed
    assert embed is not None
    assert embed.author.handle == body["user"]["screen_name"]
    assert embed.created_at is not None
    assert embed.created_at.strftime("%a %b %d %H:%M:%S +0000 %Y") == legacy["created_at"]
    assert embed.counts.likes == legacy["favorite_count"]
    media = legacy.get("extended_entities", {}).get("media", [])
    assert [item.url for item in embed.media] == [item["media_url_https"] for item in media]
    assert [item.alt for item in embed.media] == [item.get("ext_alt_text") for item in media]
    assert set(embed.text.split()) <= set(legacy["full_text"].replace("&amp;", "&").split())


MEMENTOS = {
    "200-blocked-page": "neither a copy",
    "200-id": Outcome.UNKNOWN,
    "200-redirect-in-view-mode": "neither a copy",
    "200-view-mode": Outcome.UNKNOWN,
    "301-archived-redirect": Outcome.UNKNOWN,
    "301-path-location": Outcome.UNKNOWN,
    "301-schemeless-location": Outcome.UNKNOWN,
    "302-to-closest": "neither a copy",
    "404-archived": Outcome.NOT_FOUND,
    "404-not-archived": Outcome.NOT_FOUND,
    "429-archived": Outcome.UNKNOWN,
}


@pytest.mark.parametrize(("name", "expected"), MEMENTOS.items())
def test_only_a_memento_datetime_makes_a_copy(name: str, expected: Outcome | str) -> None:
    record = json.loads(shared(f"recorded/wayback/memento-{name}.json").read_bytes())
    headers = {key.lower(): value for key, value in record["headers"].items()}
    response = Response(
        record["request"]["url"], record["status"]["code"], headers, record["body"].encode(), NOW
    )
    if not isinstance(expected, Outcome):
        with pytest.raises(UnexpectedResponse, match=expected):
            BACKEND.parse(POST, response)
        return
    answer = BACKEND.parse(POST, response)
    assert answer.outcome is expected
    assert ("as archived on" in (answer.reason or "")) == ("memento-datetime" in headers)


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("301-archived-redirect", "20200201023757id_/https://www.epa.gov/sites/production/files/"),
        (
            "301-path-location",
            "20201027215555id_/https://www.whitehouse.gov/ostp/about/student/faq",
        ),
        ("301-schemeless-location", "20201102232816id_/https://www.census.gov/geo/gssi/"),
        ("302-to-closest", "20171124151315id_/https://www.fws.gov/birds/"),
    ],
)
def test_recorded_redirects_are_followed_within_the_archive(name: str, leads_to: str) -> None:
    record = json.loads(shared(f"recorded/wayback/memento-{name}.json").read_bytes())
    asked: list[str] = []

    class Fetch:
        def get(self, url: str, **more: object) -> Response:
            asked.append(url)
            headers = {key.lower(): value for key, value in record["headers"].items()}
            status = record["status"]["code"] if len(asked) == 1 else 200
            return Response(url, status, headers, b"", NOW)

    cdx.memento(record["request"]["url"], Fetch())
    assert asked[1].startswith(f"https://web.archive.org/web/{leads_to}")


def test_recorded_answers_of_the_index() -> None:
    """They are text; the same rows as JSON are read row by row, the refusal is told."""
    for path in sorted(shared("recorded/wayback").glob("cdx-*.json")):
        record = json.loads(path.read_bytes())
        headers = {key.lower(): value for key, value in record["headers"].items()}
        status = record["status"]["code"]
        lines = record["body"].split("\n\n")[0].splitlines()
        rows = [line.split(" ")[1:5] for line in lines]
        body = json.dumps([["timestamp", "original", "mimetype", "statuscode"], *rows])
        response = Response(cdx.URL, status, headers, body.encode(), NOW)
        if status == 403:
            assert cdx.refusal(response) == "Blocked Site Error"
            continue
        found, _ = cdx.read(response)
        assert [list(row) for row in found] == rows
        assert len(found) == len(lines)


# --- asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "handle"),
    [("363116819147538433", "vyki_e"), ("880139124791029763", "kikobeats")],
)
def test_recorded_pages_are_found_through_the_index(number: str, handle: str) -> None:
    shared("recorded/pages")
    with Server() as server, Client(user_agent="tests", endpoints=server.endpoints) as net:
        recorded.load(server.world)
        answer = BACKEND.parse(Target("x", number), BACKEND.ask(Target("x", number), handle, net))
    assert answer.embed is not None
    assert answer.embed.author.handle.lower() == handle


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with Client(user_agent="tests", endpoints=server.endpoints, timeout=5, retries=0) as client:
        yield client


@pytest.fixture
def post(server: Server) -> Post:
    return server.world.add_post(
        POST.post_id, "harbour_notes", "Harbour Notes", "Fog & rain", likes=5
    )


@pytest.mark.parametrize("kind", ["json", "v2", "page", "shell"])
def test_each_kind_of_copy_tells_the_post(
    server: Server, net: Client, post: Post, kind: str
) -> None:
    archive(server.world, post, kind)
    response = BACKEND.ask(POST, "Harbour_Notes", net)
    answer = BACKEND.parse(POST, response)
    assert answer.outcome is Outcome.AVAILABLE
    assert answer.reason == "as archived on 2023-01-05 12:00:00 UTC"
    assert answer.embed is not None
    assert answer.embed.text == "Fog & rain"
    assert "id_/" in response.url


def test_the_most_telling_copy_is_taken(server: Server, net: Client, post: Post) -> None:
    for kind, at in (
        ("missing", "20120101000000"),
        ("shell", "20240101000000"),
        ("page", "20190101000000"),
        ("page", "20130101000000"),
        ("json", "20210101000000"),
    ):
        archive(server.world, post, kind, at=at)
    taken = []
    while server.world.copies:
        response = BACKEND.ask(POST, "harbour_notes", net)
        at = response.url.split("/web/")[1][:14]
        taken.append(at[:4])
        server.world.copies = [copy for copy in server.world.copies if copy.timestamp != at]
    assert taken == ["2021", "2013", "2019", "2024", "2012"]
    assert BACKEND.parse(POST, response).outcome is Outcome.NOT_FOUND


def test_a_copy_without_the_post_is_passed_over(server: Server, net: Client, post: Post) -> None:
    archive(server.world, post, "empty", at="20130101000000")
    archive(server.world, post, "page", at="20140101000000")
    answer = BACKEND.parse(POST, BACKEND.ask(POST, "harbour_notes", net))
    assert answer.reason == "as archived on 2014-01-01 00:00:00 UTC"


def test_both_names_of_the_service_are_asked(server: Server, net: Client, post: Post) -> None:
    url = f"https://x.com/harbour_notes/status/{POST.post_id}?s=20"
    archive(server.world, post, url=url)
    assert BACKEND.parse(POST, BACKEND.ask(POST, "harbour_notes", net)).embed is not None
    asked = [asked.query.get("url") for asked in server.world.asked]
    assert asked[:2] == [
        f"twitter.com/harbour_notes/status/{POST.post_id}",
        f"x.com/harbour_notes/status/{POST.post_id}",
    ]


def test_without_a_handle_the_addresses_without_one_are_asked(
    server: Server, net: Client, post: Post
) -> None:
    archive(server.world, post, url=f"https://twitter.com/i/web/status/{POST.post_id}")
    assert BACKEND.parse(POST, BACKEND.ask(POST, None, net)).embed is not None


def test_a_blocked_site_and_an_empty_archive_are_answers(
    server: Server, net: Client, post: Post
) -> None:
    assert BACKEND.parse(POST, BACKEND.ask(POST, "a", net)).outcome is Outcome.NOT_FOUND
    server.world.blocked = {"twitter.com", "x.com"}
    answer = BACKEND.parse(POST, BACKEND.ask(POST, "a", net))
    assert (answer.outcome, answer.reason) == (Outcome.UNKNOWN, "Blocked Site Error")


def test_of_a_deleted_post_the_archive_is_asked_what_it_was(
    server: Server, net: Client, post: Post
) -> None:
    archive(server.world, post)
    server.world.live(POST.post_id, {0: life.deleted()})
    settings = Settings(backends=("syndication", "oembed", "wayback"), media=False)
    result = capture(POST, "harbour_notes", fetch=net, settings=settings)
    assert [(c.backend, c.outcome) for c in result.captures] == [
        ("wayback", Outcome.AVAILABLE),
        ("syndication", Outcome.DELETED),
    ]
    assert server.world.count("publish.x.com") == 0


# --- hostile copies ------------------------------------------------------------------------------


def test_no_change_of_one_key_is_a_crash() -> None:
    for case in (case.values[0] for case in cases("wayback")):
        if not isinstance(case.get("body"), dict) or "error" in case["expect"]:
            continue
        for body in changes(case["body"]):
            try:
                answer = parse(case["id"], json.dumps(body).encode())
            except UnexpectedResponse:
                continue
            assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)
            if answer.embed is not None:
                assert_sound(answer.embed)


def test_no_cut_of_a_page_is_a_crash() -> None:
    for case in (case.values[0] for case in cases("wayback")):
        raw = case.get("raw", "")
        for end in range(0, len(raw), 7):
            try:
                answer = parse(case["id"], raw[:end].encode())
            except UnexpectedResponse:
                continue
            assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)


HEAD = (
    '<div class="permalink-tweet" data-tweet-id="1600000000000000002" data-screen-name="a">'
    '<p class="tweet-text">'
)


@pytest.mark.parametrize(
    "make",
    [
        lambda size: HEAD + "<b>a</b>" * size,
        lambda size: (
            HEAD + '<a href="https://t.co/abcdefgh">' + "<span class=js-display-url>a" * (size // 3)
        ),
        lambda size: HEAD + '<a href="https://t.co/abcdefgh">a</a>' * (size // 4),
        lambda size: (
            HEAD
            + "</p>"
            + "".join(
                f'<i class="AdaptiveMedia-photoContainer" data-image-url="https://a.b/{n}"></i>'
                for n in range(size // 10)
            )
        ),
        lambda size: (
            '<meta property="og:url" content="https://x.com/a/status/1600000000000000002">'
            f'<meta property="og:description" content="{"@a #b " * size}">'
        ),
        lambda size: '<meta property="og:title" content="' + "a (@" * (2 * size) + '">',
    ],
    ids=["pieces", "label", "links", "pictures", "preview", "title"],
)
def test_a_hostile_page_is_read_in_linear_time(make: Callable[[int], str]) -> None:
    def work(markup: str) -> None:
        with suppress(UnexpectedResponse):
            parse(POST.post_id, markup.encode())

    assert_linear(work, make, 20_000)
