"""One `archive` run over the whole open set against a world that knows its posts.

    python benchmarks/whole_run.py [--shared PATH] [--misses]

Every flattened text of the open set is an article of its own. The loopback server knows the posts
of the gold: seven tenths are shown, the others are gone; of all posts two thirds have a copy in
the archive's index, so that some are held only there. Media codes redirect to their posts; one in
twenty is a re-shared picture and leads to another author's post, which must be refused. All
resolvers and the backends syndication, oembed and wayback are on, only their pacing is off.

Before the run the gold tells which resolver could find each id: the first in the order of the
table. An id that the gold does not have at that place is wrong; where the gold has nothing, since
the attribution was lost, it is right only for the post that has the code which stands there.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from _material import read_lines, shared_folder
from _silent import Silent
from _tables import Tally, lay_out

from embedarchive import snowflake
from embedarchive.budget import Budget
from embedarchive.config import Settings
from embedarchive.models import ArticleRecord, StoredReference
from embedarchive.net import Client
from embedarchive.pipeline import archive_sources
from embedarchive.report import Report
from embedarchive.store import Archive
from tests.loopback import Picture, Server, World
from tests.loopback.wayback import archive as hold
from tests.loopback.world import media_page

GOAL = 0.95
STEPS = ("named", "code_join", "cross_article", "redirect", "wayback_cdx", "a capture", "nothing")
"""How an id can be had, the cheapest first: it stands in the text; another text of the set holds
it with the same code, or the same words; the code redirects to it; a copy of it is archived; or
it was captured for another text."""
SETTINGS = Settings(
    backends=("syndication", "oembed", "wayback"),
    resolvers=("code_join", "cross_article", "redirect", "wayback_cdx"),
    pacing=0,
    wayback_pacing=0,
    concurrency=4,
)
_WORDS = (
    "This Post was deleted by the Post author.",
    "This Post is from a suspended account.",
    "This Post is from an account that no longer exists.",
)
_COPIES = ("json", "v2", "page", "shell")
_LAST_PICTURE = re.compile(r"\s*pic\.(?:twitter|x)\.com/[A-Za-z0-9]{6,12}\s*\Z")
_PICTURE = re.compile(r"pic\.(?:twitter|x)\.com/([A-Za-z0-9]{6,12})")
_MOST_OF_A_DAY = 24
"""Archived posts of one day that are looked at; see resolvers/wayback_cdx.py."""

Tweet = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a post; by its id's hash, so that each run has the same."""

    is_gone: bool
    is_archived: bool
    is_reshared: bool

    @classmethod
    def of(cls, post_id: str) -> Fate:
        digest = sha256(post_id.encode()).digest()
        return cls(digest[0] < 77, digest[1] < 171, digest[2] < 13)


def main() -> None:
    """Print, for each resolver, what was in its reach and what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", help="folder of the measuring material")
    parser.add_argument("--misses", action="store_true", help="explain each miss")
    options = parser.parse_args()
    lines = read_lines(shared_folder(options.shared) / "evalset" / "dev.jsonl")
    world = make_world(lines)
    reach = reach_of(lines, world)
    with tempfile.TemporaryDirectory() as name, Server(world) as server:
        folder = Path(name)
        for number, line in enumerate(lines):
            text = line["text"].encode("utf-8", "surrogatepass")
            (folder / f"{number:04}.txt").write_bytes(text)
        with Archive.open(folder / "posts.db", clock=lambda: datetime.now(UTC)) as archive:
            started = time.monotonic()
            with Client(
                user_agent="benchmark", endpoints=server.endpoints, states=archive
            ) as client:
                report = archive_sources(
                    archive, [name], settings=SETTINGS, fetch=Budget(client), progress=Silent()
                )
            seconds = time.monotonic() - started
            problems = [problem.words for problem in archive.verify()]
            articles = {Path(one.document.uri).name: one for one in archive.articles()}
            result = judge(lines, reach, articles, is_told=options.misses)
            result.rules = rules(archive, result.found)
    told = sum(len(line["tweets"]) for line in lines)
    print(f"{len(lines)} texts with {told} posts, {len(world.posts)} different ones")
    print_table(result)
    print_report(report, world, seconds)
    print("check:", problems or "all that was stored is as it was stored")


def make_world(lines: Sequence[Mapping[str, Any]]) -> World:
    """The posts of the gold with their fates, codes and copies."""
    world = World()
    tweets = {tweet["id"]: tweet for line in lines for tweet in line["tweets"]}
    for number, tweet in sorted(tweets.items()):
        fate = Fate.of(number)
        code = next(iter(tweet["media"]), None)
        text = _LAST_PICTURE.sub("", tweet["text_src"]) if code else tweet["text_src"]
        post = world.add_post(
            number,
            tweet["handle"],
            tweet["name"] or tweet["handle"],
            _PICTURE.sub(r"https://t.co/\1", text),
            media=(Picture(f"M{number}"),) if code else (),
            code=code,
            links={code: f"https://news.example/{code}" for code in tweet["tco"]},
        )
        if fate.is_archived:
            at = f"{post.created + timedelta(days=30):%Y%m%d%H%M%S}"
            hold(world, post, _COPIES[int(number[-2:]) % len(_COPIES)], at=at)
        if fate.is_gone:
            words = _WORDS[int(number[-3:]) % len(_WORDS)]
            world.posts[number] = replace(post, gone=words)
    posts = sorted(world.posts.values(), key=lambda post: post.post_id)
    for at, post in enumerate(posts):
        if post.code and post.media and Fate.of(post.post_id).is_reshared:
            owner = next(one for one in posts[at:] + posts if one.handle != post.handle)
            world.codes[post.code] = media_page(owner, Picture("Shared"))
    return world


def reach_of(lines: Sequence[Mapping[str, Any]], world: World) -> dict[tuple[int, int], str]:
    """Line and attribution → the first step by which the id can be had, from the gold alone."""
    codes, words = set[tuple[str, str]](), set[str]()
    for tweet in (tweet for line in lines for tweet in line["tweets"] if tweet["url_kept"]):
        codes |= {(code, tweet["id"]) for code in tweet["media"]}
        words |= {tweet["id"]} if tweet["text"] else set()
    days = Counter(
        (post.handle.lower(), post.created.date())
        for post in world.posts.values()
        if Fate.of(post.post_id).is_archived
    )

    def step(tweet: Tweet) -> str:
        number, post = tweet["id"], world.posts[tweet["id"]]
        page = world.codes.get(next(iter(tweet["media"]), ""), "")
        is_few = days[tweet["handle"].lower(), post.created.date()] <= _MOST_OF_A_DAY
        if tweet["url_kept"]:
            return "named"
        if any((code, number) in codes for code in tweet["media"]):
            return "code_join"
        if tweet["text"] and number in words:
            return "cross_article"
        if page == media_page(post, Picture("any")):
            return "redirect"
        tells_time = snowflake.created_at(number) is not None
        if tweet["text"] and Fate.of(number).is_archived and tells_time and is_few:
            return "wayback_cdx"
        return "nothing"

    places = [
        (number, tweet) for number, line in enumerate(lines) for tweet in line["tweets"]
    ]  # fmt: skip
    found = {(number, tweet["attr_start"]): step(tweet) for number, tweet in places}
    captured = {
        tweet["id"]
        for number, tweet in places
        if found[number, tweet["attr_start"]] != "nothing"
        and (Fate.of(tweet["id"]).is_archived or not Fate.of(tweet["id"]).is_gone)
    }
    for number, tweet in places:
        place = (number, tweet["attr_start"])
        if found[place] == "nothing" and tweet["text"] and tweet["id"] in captured:
            found[place] = "a capture"
    return found


@dataclass(slots=True)
class Result:
    reach: Counter[str]
    right: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    beside: int = 0
    """Right ids of embeds that lost their attribution, by their code."""
    found: list[int] = field(default_factory=list)
    """References that have the gold's id."""
    rules: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)


def judge(
    lines: Sequence[Mapping[str, Any]],
    reach: Mapping[tuple[int, int], str],
    articles: Mapping[str, ArticleRecord],
    *,
    is_told: bool,
) -> Result:
    """Hold every reference against the gold at its place."""
    result = Result(Counter(reach.values()))
    owners = {
        (code, tweet["id"])
        for line in lines
        for tweet in line["tweets"]
        for code in (*tweet["media"], *tweet["tco"])
    }
    for number, line in enumerate(lines):
        references = articles[f"{number:04}.txt"].references
        gold = {tweet["attr_start"]: tweet for tweet in line["tweets"]}
        taken: dict[int, StoredReference] = {}
        for reference in references:
            places = [at for at in gold if _holds(reference, at)]
            taken.update((at, reference) for at in places)
            target = reference.resolution.target
            if target is None or (not places and reference.reference.claim.post_id):
                continue  # a link to a post that is no embed is none of the gold's
            claim = reference.reference.claim
            if not places and any((code, target.post_id) in owners for code in claim.codes):
                result.beside += 1
            elif not any(gold[at]["id"] == target.post_id for at in places):
                result.wrong += 1
                print(f"WRONG {number:04}.txt @{claim.handle} {target}")
        for at, tweet in gold.items():
            _count(result, number, reach[number, at], tweet, taken.get(at), is_told=is_told)
    return result


def rules(archive: Archive, found: Sequence[int]) -> Counter[str]:
    """The rule by which each id was found first; what bore it out later is no matter here."""
    histories = (archive.resolutions_of(number) for number in found)
    return Counter(next(one.rule for one in history if one.target) for history in histories)


def _holds(reference: StoredReference, at: int) -> bool:
    """Whether the attribution there is the reference's."""
    return reference.reference.start <= at < reference.reference.end


def _count(
    result: Result,
    number: int,
    step: str,
    tweet: Tweet,
    stored: StoredReference | None,
    *,
    is_told: bool,
) -> None:
    target = stored.resolution.target if stored else None
    if stored and target and target.post_id == tweet["id"]:
        if step == "nothing" and is_told:
            print(f"{number:04}.txt {tweet['id']} found against expectation: {stored.resolution}")
        result.right[step] += 1
        result.found.append(stored.id)
        result.levels[stored.resolution.level] += 1
        return
    if step == "nothing":
        return
    why = _why(tweet, stored)
    result.why[why] += 1
    if is_told:
        print(f"{number:04}.txt {tweet['id']} @{tweet['handle']} ({step}): {why}")
        if stored:
            print(f"   read {stored.reference.claim.text!r}\n   true {tweet['text_src']!r}")
            for one in stored.refusals:
                print(f"   {one.rule}: {one.refused}")


def _why(tweet: Tweet, stored: StoredReference | None) -> str:
    """What was in the way."""
    if stored is None:
        return "not found in the text"
    claim = stored.reference.claim
    if (claim.handle or "").lower() != tweet["handle"].lower():
        return "another handle was read"
    if str(claim.date) != tweet["date"]:
        return "another day was read"
    if any("several" in (one.refused or "") for one in stored.refusals):
        return "several posts of that day have the text"
    if not _PICTURE.sub("", claim.text or "").strip():
        return "no words were read"
    if set(tweet["media"]) - set(claim.codes):
        return "its media code was not read"
    return "the text was read with wrong bounds"


def print_table(result: Result) -> None:
    """What was in reach and what was found, step by step."""
    rows: list[Sequence[object]] = []
    for step in STEPS:
        share = Tally(result.right[step], result.reach[step])
        rows.append((step, result.reach[step], result.right[step], share))
    inside = Tally(
        sum(result.right.values()) - result.right["nothing"],
        sum(result.reach.values()) - result.reach["nothing"],
    )
    rows.append(("all in reach", inside.all, inside.right, inside))
    title = f"ids by what can tell them (goal: no wrong id, >= {GOAL} of what is in reach)"
    print(lay_out(title, ("can be had by", "posts", "found", "share"), rows))
    print(f"\nwrong ids: {result.wrong}; right ones where no attribution is left: {result.beside}")
    print("found by:", _said(result.rules))
    print("misses:", _said(result.why))
    print("levels:", _said(result.levels))


def print_report(report: Report, world: World, seconds: float) -> None:
    """What the run said of itself, and what it asked."""
    asked: dict[str, int] = defaultdict(int)
    for one in world.asked:
        asked[one.host] += 1
    print("captures:", _said(report.captures), f"; media files: {report.media}")
    print("requests:", ", ".join(f"{host} {count}" for host, count in sorted(asked.items())))
    print(f"exit code {report.exit_code}, {seconds:.0f} s")


def _said(counts: Mapping[Any, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count} {word}" for word, count in ranked) or "none"


if __name__ == "__main__":
    main()
