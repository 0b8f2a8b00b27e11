"""A site of many articles: how its time grows, a second run against the first, sizes, cards.

python benchmarks/render.py [--articles 10000]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment

from embedarchive.models import (
    Author,
    Capture,
    Claim,
    Counts,
    Document,
    Embed,
    Entity,
    Kind,
    Level,
    Outcome,
    Payload,
    PostRecord,
    Reference,
    Resolution,
    Target,
)
from embedarchive.render import make_card, render_site
from embedarchive.render.html import Layout, render
from embedarchive.store import Archive

NOW = datetime(2024, 5, 3, tzinfo=UTC)
LINEAR, AGAIN, CARDS, PAGE = 11.0, 5.0, 0.3, 30_000
"""The goals."""

_OUTLETS = ("gazette.example", "www.harbour.example", "daily-bell.example")
_FILLER = "The council met again on Tuesday, and the minutes say little of what was decided. " * 5
_WORDS = ["bell", "fog", "ferry", "lens", "tower", "council", "clock", "harbour", "storm", "bridge"]


def make_target(number: int) -> tuple[Target, date]:
    """A post of some day between 2015 and 2023, by its id."""
    day = date(2015, 1, 1) + timedelta(days=number * 37 % 3200)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    milliseconds = int(at.timestamp() * 1000) - 1288834974657
    return Target("x", str((milliseconds << 22) + number)), day


def make_post(number: int) -> tuple[Embed, Claim]:
    """A post with two links in it, and what an article says of it."""
    target, day = make_target(number)
    who = number % 200
    words = " ".join(_WORDS[(number + step) % len(_WORDS)] for step in range(12))
    text = f"Update {number}: {words}. See example.com/{number} #bell"
    start = text.index("example.com")
    embed = Embed(
        target=target,
        author=Author(f"reporter_{who}", f"Reporter {who}", str(who)),
        text=text,
        entities=(
            Entity(start, text.index(" #"), "url", f"example.com/{number}", "https://example.com"),
            Entity(text.index("#"), len(text), "hashtag", "#bell", "https://x.com/hashtag/bell"),
        ),
        created_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        lang="en",
        counts=Counts(likes=number, reposts=3),
    )
    name, handle = embed.author.name, embed.author.handle
    return embed, Claim(post_id=target.post_id, handle=handle, name=name, date=day, text=text)


def fill(archive: Archive, count: int) -> None:
    """Articles of some kilobytes with two posts each; one in seven is gone, one in ten unseen."""
    for start in range(0, count, 500):
        with archive.transaction():
            for number in range(start, min(start + 500, count)):
                _add_article(archive, number)


def _add_article(archive: Archive, number: int) -> None:
    claims: list[tuple[str, Claim]] = []
    for which in (2 * number, 2 * number + 1):
        embed, claim = make_post(which)
        for capture in _visits(embed, which):
            archive.add_capture(capture)
        assert claim.date
        day = f"{claim.date:%B} {claim.date.day}, {claim.date.year}"
        claims.append((f"{embed.text}\n— {claim.name} (@{claim.handle}) {day}", claim))
    raws = [raw for raw, _ in claims]
    text = "\n\n".join([f"Report {number}", _FILLER, raws[0], _FILLER, _FILLER, raws[1], _FILLER])
    content = text.encode()
    uri = f"https://{_OUTLETS[number % len(_OUTLETS)]}/2024/report-{number}"
    digest = f"sha256:{sha256(content).hexdigest()}"
    document = Document(uri, "text/plain", "utf-8", content, text, digest)
    references = [
        Reference(at, at + len(raw), raw, "flattened", Kind.EMBED, claim)
        for raw, claim in claims
        for at in [text.index(raw)]
    ]
    for stored in archive.add_document(document, references, "1"):
        claim = stored.reference.claim
        level = Level.DISPUTED if number % 25 == 0 else Level.VERIFIED
        target = Target("x", claim.post_id or "")
        archive.add_resolution(stored.id, Resolution("capture", level, target))


def _visits(embed: Embed, number: int) -> Iterator[Capture]:
    outcomes = [] if number % 10 == 3 else [Outcome.AVAILABLE]
    if number % 7 == 0 or number % 90 == 3:
        outcomes.append(Outcome.DELETED)
    for visit, outcome in enumerate(outcomes):
        body = f"{embed.text} {outcome}".encode()
        payload = Payload(
            f"sha256:{sha256(body).hexdigest()}", body, "https://cdn.example/", 200, {}
        )
        seen = embed if outcome is Outcome.AVAILABLE else None
        at = NOW + timedelta(days=40 * visit)
        yield Capture(embed.target, "syndication", outcome, at, payload, seen)


def time_of_site(archive: Archive, out: Path) -> tuple[float, int]:
    """Seconds of the processor, which another program on the machine does not lengthen."""
    begun = time.process_time()
    report = render_site(archive, out)
    return time.process_time() - begun, report.written


def cards_ratio(records: list[PostRecord]) -> tuple[float, float]:
    """Cards a second, and how that compares with Jinja2 filling one template of the same size."""
    layout = Layout(media=lambda file: None)

    def cards() -> None:
        for record in records:
            render("card.html", layout, card=make_card(record), anchor="a")

    html = render("card.html", layout, card=make_card(records[0]), anchor="a")
    pieces = html.split('"')
    source = '"'.join("{{ v[%d] }}" % n if n % 2 else p for n, p in enumerate(pieces))  # noqa: UP031
    template = Environment(autoescape=True).from_string(source)

    def bare() -> None:
        for _ in records:
            template.render(v=pieces)

    rounds = [(_seconds(cards), _seconds(bare)) for _ in range(9)]
    ratio = statistics.median(theirs / ours for ours, theirs in rounds)
    return len(records) / min(ours for ours, _ in rounds), ratio


def _seconds(work: Callable[[], None]) -> float:
    """Of the processor."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="make the archive and the site there")
    arguments = parser.parse_args()
    many = arguments.articles
    few = max(many // 10, 1)
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        taken = {}
        for count in (few, many):
            with Archive.open(folder / f"{count}.db", clock=lambda: NOW) as archive:
                fill(archive, count)
                out = folder / f"site-{count}"
                first, written = time_of_site(archive, out)
                again, changed = time_of_site(archive, out)
                taken[count] = first
                records = list(archive.posts())[:500]
            pages = [
                path.stat().st_size
                for kind in ("articles", "posts")
                for path in (out / kind).glob("*.html")
            ]
            print(
                f"{count} articles: first {first:.2f} s, {written} files"
                f" ({first / written * 1000:.2f} ms each); again {again:.2f} s, {changed} written,"
                f" {first / again:.1f} times faster (goal: at least {AGAIN:.0f})"
            )
            print(f"  a page without media: median {statistics.median(pages):.0f} bytes,"
                  f" largest {max(pages)} (goal: below {PAGE})")  # fmt: skip
        print(f"{many} articles take {taken[many] / taken[few]:.1f} times as long as {few}"
              f" (goal: at most {LINEAR:.0f})")  # fmt: skip
        rate, ratio = cards_ratio(records)
        print(f"{rate:.0f} cards a second, {ratio:.2f} of Jinja2 alone (goal: at least {CARDS})")


if __name__ == "__main__":
    main()
