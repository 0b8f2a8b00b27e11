"""How well `wayback_cdx` finds ids by handle, day and text, counted against the gold.

    python benchmarks/wayback_cdx.py [--shared PATH] [--misses]

A Wayback Machine in small holds copies of four fifths of the open set's posts, some of them as
JSON and some as pages; the rest are lures. Each flattened text is read stripped of every link to a
post, and each claim looked up in the index. An id that is found where the gold has another one, or
for a lure, is wrong. Makes no request: the archive is asked in the same process.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from _material import make_document, read_lines, shared_folder
from _tables import Tally, lay_out

from embedarchive.errors import UpstreamError
from embedarchive.models import Claim, Response
from embedarchive.resolve import resolve
from embedarchive.resolvers.wayback_cdx import RESOLVER
from embedarchive.scan import scan
from tests.loopback import Asked, World
from tests.loopback.services import answer
from tests.loopback.wayback import archive

PACE = 2.5
"""Seconds between two requests, as the settings have it."""
_LINK = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/[^\s()<>\"]{1,60}/status(?:es)?/[0-9]+"
    r"[^\s()<>\"]*|(?:https?://t\.co|pic\.(?:twitter|x)\.com)/[A-Za-z0-9]{6,12}"
)
_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/([A-Za-z0-9]{6,12})")


class _Directly:
    """Fulfils `models.Fetcher` without a socket."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = 0

    def get(self, url: str, *, params: Mapping[str, str] | None = None, **_: object) -> Response:
        self.count += 1
        parts = urlsplit(url)
        reply = answer(self.world, Asked(parts.netloc, parts.path, params or {}, {}))
        headers = {name.lower(): value for name, value in reply.headers.items()}
        return Response(url, reply.status, headers, reply.body, datetime.now(UTC))


def main() -> None:
    """Print precision and recall, and what a reference costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="folder of the measuring material")
    parser.add_argument("--misses", action="store_true", help="list what was not found, or wrongly")
    options = parser.parse_args()
    lines = read_lines(shared_folder(options.shared) / "evalset" / "dev.jsonl")
    world, counts = World(), Counter[str]()
    for tweet in {tweet["id"]: tweet for line in lines for tweet in line["tweets"]}.values():
        _hold(world, tweet)
    fetch, known = _Directly(world), dict[Any, tuple[str | None, str]]()
    for line in lines:
        text = _LINK.sub("", line["text"])
        gold = [
            (len(_LINK.sub("", line["text"][: tweet["attr_start"]])), tweet)
            for tweet in line["tweets"]
        ]
        counts["in reach"] += sum(_is_archived(t["id"]) and bool(t["text"]) for _, t in gold)
        counts["lures"] += sum(not _is_archived(t["id"]) for _, t in gold)
        for reference in scan(make_document(text, "text/plain")):
            if reference.target is None and reference.claim.text:
                tweet = next((t for at, t in gold if reference.start <= at < reference.end), None)
                found, why = _look_up(reference.claim, fetch, known)
                _count(counts, reference.claim, tweet, found, why, is_told=options.misses)
    shares = [
        Tally(counts["right"], counts["right"] + counts["wrong"]),
        Tally(counts["right"], counts["in reach"]),
    ]
    row = [str(counts[key]) for key in ("lures", "in reach", "right", "wrong")]
    row += [f"{tally.share:.4f}" for tally in shares]
    row += [f"{fetch.count / max(len(known), 1):.1f}", f"{PACE * fetch.count / 3600:.1f}"]
    header = (
        *("lures", "in reach", "right", "wrong", "precision", "recall"),
        *("requests a claim", f"hours at {PACE} s"),
    )
    print(lay_out("wayback_cdx (goal: no wrong id, recall >= 0.95)", header, [row]))


def _hold(world: World, tweet: Mapping[str, Any]) -> None:
    text = _PICTURE.sub(r"https://t.co/\1", tweet["text_src"])
    post = world.add_post(tweet["id"], tweet["handle"], tweet["name"] or tweet["handle"], text)
    if _is_archived(tweet["id"]):
        archive(world, post, ("json", "v2", "page", "shell")[_share(tweet["id"]) % 4])


def _share(number: str) -> int:
    return sha256(number.encode()).digest()[0]


def _is_archived(number: str) -> bool:
    return _share(number) >= 51


def _look_up(
    claim: Claim, fetch: _Directly, known: dict[Any, tuple[str | None, str]]
) -> tuple[str | None, str]:
    """The id and, where there is none, why; each claim once, as the archive does not change."""
    bare = replace(claim, text_span=None, codes=(), post_id=None)
    if bare not in known:
        findings, failures, _ = resolve(bare, _Nothing(), fetch, resolvers=[RESOLVER])
        found = next((item.target.post_id for item in findings if item.target), None)
        reasons = {str(item.refused) for item in findings} | {str(e) for e in failures}
        known[bare] = found, ", ".join(sorted(reasons)) or "no candidate"
        assert not any(isinstance(error, UpstreamError) for error in failures), failures
    return known[bare]


class _Nothing:
    """An archive that knows nothing."""

    def owners_of_code(self, code: str) -> list[Any]:
        return []

    def claims_like(self, claim: Claim) -> list[Any]:
        return []


def _count(
    counts: Counter[str],
    claim: Claim,
    tweet: Mapping[str, Any] | None,
    found: str | None,
    why: str,
    *,
    is_told: bool,
) -> None:
    is_right = tweet is not None and found == tweet["id"]
    if found is not None:
        counts["right" if is_right else "wrong"] += 1
    if is_told and not is_right and (found or (tweet and _is_archived(tweet["id"]))):
        print(f"@{claim.handle} {claim.date} found {found}: {why}")
        print(f"   read {claim.text!r}\n   true {tweet and (tweet['id'], tweet['text_src'])!r}")


if __name__ == "__main__":
    main()
