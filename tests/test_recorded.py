"""Every recorded answer with one thing wrong: an answer that is sound, or a clean refusal.

Each key in turn is dropped, and replaced by one of the hostile values; EMBEDARCHIVE_TORTURE asks
for each of them. Header fields, the status and the body's end go the same way.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from embedarchive import cdx
from embedarchive.backends import BACKENDS
from embedarchive.capture.archived import archived
from embedarchive.errors import UnexpectedResponse, UpstreamError
from embedarchive.models import Answer, Claim, Outcome, Response, Target
from embedarchive.resolvers import RESOLVERS
from tests.mutations import HOSTILE, assert_sound, places
from tests.shared import SHARED, shared

NOW = datetime(2026, 9, 1, tzinfo=UTC)
BACKEND = {backend.name: backend for backend in BACKENDS}
RESOLVER = {resolver.name: resolver for resolver in RESOLVERS}
COLOURS = ("palette", "cropCandidates", "focus_rects", "rgb")
"""Thousands of numbers that nobody reads."""
EVERY = bool(os.environ.get("EMBEDARCHIVE_TORTURE"))
RECORDED = SHARED / "recorded"
CLAIM = Claim(handle="energystar", date=date(2020, 6, 12), text="Fog", codes=("oPQO7Xdz",))


@dataclass(frozen=True)
class Recorded:
    """A recorded answer, and who reads it."""

    name: str
    reader: str
    post_id: str
    response: Response


# --- what is recorded ----------------------------------------------------------------------------


def answered(url: str, body: bytes, status: int = 200, **headers: str) -> Response:
    return Response(url, status, headers, body, NOW)


def of_backends() -> Iterator[Recorded]:
    """All answers that a backend reads, those included that only a post's id leads to."""
    for kind, reader in (
        *(("syndication", "syndication"), ("syndication_shapes", "syndication")),
        *(("oembed", "oembed"), ("fxtwitter", "fxtwitter"), ("xapi_v2", "api_v2")),
    ):
        for path in sorted((RECORDED / kind).glob("*.json")):
            if path.stem.startswith("openapi"):
                continue  # what answers look like, and none
            number = next((part for part in path.stem.split("-") if part.isdecimal()), "456")
            response = answered(f"https://{kind}.example/", path.read_bytes())
            yield Recorded(f"{kind}/{path.stem}", reader, number, response)
    for path in sorted((RECORDED / "oembed_html").glob("*.html")):
        body = json.dumps({"html": path.read_text(encoding="utf-8")}).encode()
        response = answered("https://oembed.example/", body)
        yield Recorded(f"oembed_html/{path.stem}", "oembed", path.stem, response)
    yield from of_the_archive()


def of_the_archive() -> Iterator[Recorded]:
    made = {"memento-datetime": "Thu, 05 Jan 2023 12:00:00 GMT"}
    for path in sorted((RECORDED / "graphql").glob("*.json")):
        result = json.loads(path.read_bytes())["data"]["tweetResult"]["result"]
        user = result["core"]["user_results"]["result"]
        legacy = {**result["legacy"], "user": {**user.get("core", {}), **user["legacy"]}}
        number = legacy["id_str"]
        url = f"https://web.archive.org/web/20230105120000id_/https://twitter.com/a/status/{number}"
        response = answered(url, json.dumps(legacy).encode(), **made)
        yield Recorded(f"graphql/{path.stem}", "wayback", number, response)
    for path in sorted((RECORDED / "pages").glob("*.html")):
        number = path.stem.rpartition("-")[2]
        url = f"https://web.archive.org/web/20230105120000id_/https://twitter.com/a/status/{number}"
        yield Recorded(
            f"pages/{path.stem}", "wayback", number, answered(url, path.read_bytes(), **made)
        )
    for path in sorted((RECORDED / "wayback").glob("*.json")):
        yield Recorded(f"wayback/{path.stem}", "wayback", "1600000000000000002", exchange(path))


def exchange(path: Path) -> Response:
    """A recorded HTTP exchange; a table of the index as the JSON that we ask for."""
    record = json.loads(path.read_bytes())
    headers = {key.lower(): value for key, value in record["headers"].items()}
    status, url = record["status"], record["request"]["url"]
    status = status["code"] if isinstance(status, dict) else status
    body = record["body"]
    if path.stem.startswith("cdx-") and status == 200:
        rows = [line.split(" ")[1:5] for line in body.split("\n\n")[0].splitlines()]
        body = json.dumps([["timestamp", "original", "mimetype", "statuscode"], *rows[:12]])
    return Response(url, status, headers, body.encode(), NOW)


def of_resolvers() -> Iterator[Recorded]:
    for path in sorted((RECORDED / "tco").iterdir()):
        if path.suffix == ".json":
            response = exchange(path)
        else:
            response = answered("https://t.co/oPQO7Xdz", path.read_bytes())
        yield Recorded(f"tco/{path.stem}", "redirect", "", response)
    for path in sorted((RECORDED / "wayback").glob("*.json")):
        yield Recorded(f"wayback/{path.stem}", "wayback_cdx", "", exchange(path))
        yield Recorded(f"wayback/{path.stem}", "media", "", exchange(path))


def named(found: Iterator[Recorded]) -> list[Any]:
    listed = list(found) if RECORDED.exists() else []
    return [pytest.param(one, id=f"{one.reader}-{one.name}") for one in listed]


# --- what goes wrong -----------------------------------------------------------------------------


def spoilt(response: Response) -> Iterator[Response]:
    yield from (replace(response, body=body) for body in spoilt_bodies(response.body))
    for name, value in response.headers.items():
        others = {key: held for key, held in response.headers.items() if key != name}
        yield replace(response, headers=others)
        for odd in ("", "\x00", "a" * 5000, value[: len(value) // 2], "0", "-1", "https://["):
            yield replace(response, headers={**others, name: odd})
    for status in (200, 204, 206, 301, 302, 304, 400, 401, 403, 404, 410, 418, 451):
        yield replace(response, status=status)


def spoilt_bodies(body: bytes) -> Iterator[bytes]:
    with suppress(ValueError):  # a page
        yield from (json.dumps(other).encode() for other in spoilt_json(json.loads(body)))
    for part in range(0, 20):
        yield body[: len(body) * part // 20]
    yield body[::-1]
    yield body + body


def spoilt_json(body: Any) -> Iterator[Any]:
    """The body with each of its places dropped, and with other values in it; always the same one,
    put right again afterwards."""
    for number, path in enumerate(list(places(body))):
        if any(key in COLOURS for key in path):
            continue
        holder = body
        for key in path[:-1]:
            holder = holder[key]
        key, held = path[-1], holder[path[-1]]
        for value in HOSTILE if EVERY else (HOSTILE[number % len(HOSTILE)],):
            holder[key] = value
            yield body
        holder[key] = held
        if isinstance(holder, dict):
            order = list(holder)
            del holder[key]
            yield body
            holder[key] = held
            for name in order[order.index(key) + 1 :]:
                holder[name] = holder.pop(name)
        else:
            del holder[key]
            yield body
            holder.insert(key, held)


# --- what must come of it ------------------------------------------------------------------------


@dataclass
class Only:
    """A fetcher that has one answer to everything."""

    response: Response

    def get(self, url: str, **more: object) -> Response:
        return self.response


class Nothing:
    def owners_of_code(self, code: str) -> list[Any]:
        return []

    def claims_like(self, claim: Claim) -> list[Any]:
        return []


def refused_cleanly(read: Callable[[], Any], response: Response) -> tuple[bool, Any]:
    """Whether it was taken, and what was read; a refusal holds the whole answer as evidence."""
    refusal: UpstreamError
    try:
        return True, read()
    except UpstreamError as error:
        refusal = error
    if isinstance(refusal, UnexpectedResponse):
        assert (refusal.payload, refusal.answer) == (response.body, response)
        assert refusal.reason
    return False, None


@pytest.mark.parametrize("recorded", named(of_backends()))
def test_a_backend_takes_it_or_refuses_it_cleanly(recorded: Recorded) -> None:
    backend, target = BACKEND[recorded.reader], Target("x", recorded.post_id)
    counts: dict[bool, int] = {True: 0, False: 0}
    for response in spoilt(recorded.response):
        taken, answer = refused_cleanly(lambda r=response: backend.parse(target, r), response)
        counts[taken] += 1
        if taken:
            assert_answer(answer, target)
    assert sum(counts.values()) > 30
    assert counts[False] or recorded.name.startswith(("pages", "wayback/memento"))


def assert_answer(answer: Answer, target: Target) -> None:
    assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)
    if answer.embed is not None:
        assert answer.embed.target == target
        assert_sound(answer.embed)


@pytest.mark.parametrize("recorded", named(of_resolvers()))
def test_a_resolver_takes_it_or_refuses_it_cleanly(recorded: Recorded) -> None:
    readers: Mapping[str, Callable[[Only], Any]] = {
        "media": lambda fetch: archived("https://pbs.twimg.com/media/FogAbCd.jpg", fetch, 1 << 20),
        **{
            name: lambda fetch, name=name: RESOLVER[name].resolve(CLAIM, Nothing(), fetch)
            for name in ("redirect", "wayback_cdx")
        },
    }
    read = readers[recorded.reader]
    for response in spoilt(recorded.response):
        _, found = refused_cleanly(lambda r=response: read(Only(r)), response)
        if recorded.reader != "media":
            json.dumps([finding.evidence for finding in found or ()]).encode()
            assert all((one.target is None) == (one.refused is not None) for one in found or ())
        elif found is not None:
            assert cdx.archived_at(found) is not None


def test_each_shelf_is_held_against_what_is_recorded() -> None:
    shared("recorded")
    assert {one.reader for one in of_backends()} == set(BACKEND)
    online = {name for name, resolver in RESOLVER.items() if resolver.is_online}
    assert {one.reader for one in of_resolvers()} == online | {"media"}
    told = {path.relative_to(RECORDED).parts[0] for path in RECORDED.rglob("*.*")}
    held = {one.name.partition("/")[0] for one in (*of_backends(), *of_resolvers())}
    elsewhere = {"bluesky", "mastodon", "vxtwitter"}  # no backend of ours asks them
    indexes = {"INDEX.tsv", "token_vectors.tsv"}
    assert told - held - elsewhere - indexes == {"http"}  # recorded twice, as `oembed`
