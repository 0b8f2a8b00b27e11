"""`explain`: how each reference to a post came to be known, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import typer

from . import _options as options
from ._posts import Post, find
from ._run import now
from ._terminal import clean, console, one_line

if TYPE_CHECKING:
    from datetime import date, datetime

    from ..models import Claim, RefusedLookup, Resolution, StoredReference
    from ..store import Archive

_HOSTS = ("twitter.com", "x.com")
_MOST_PREFIXES = 3
"""Of the queries by id: few that list some neighbouring days' posts too, not many exact ones."""
_CDX = "https://web.archive.org/cdx/search/cdx"


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive explain posts.db claim-1")(explain)


def explain(db: options.Database, post: Post) -> None:
    """Tell in plain words how each reference to a post came to be known, and how well.

    For a post that no rule found, print what a person can ask: the ids of its day, ready-made
    queries to the Wayback Machine and to X, and its short links.
    """
    from ..store import Archive  # noqa: PLC0415  # start-up

    out = console()
    with Archive.open(db, clock=now, read_only=True) as archive:
        record = find(archive, post)
        for stored in record.references:
            for line in _ladder(archive, stored, is_seen=record.snapshot is not None):
                out.print(clean(line), soft_wrap=True)
        if record.forgotten_at:
            out.print(clean(_taken_down(record.forgotten_at)), soft_wrap=True)
        if not record.references:
            out.print("No article refers to it; it was captured since another post leads to it.")


def _taken_down(at: datetime) -> str:
    from ..render.words import LEFT_OF_IT, TAKEN_DOWN, moment  # noqa: PLC0415  # start-up

    return f"{TAKEN_DOWN} {moment(at).words}: {LEFT_OF_IT}."


def _ladder(archive: Archive, stored: StoredReference, *, is_seen: bool) -> Iterator[str]:
    from ..render.words import level_sentence  # noqa: PLC0415  # start-up

    claim = stored.reference.claim
    place = f"{stored.uri}:{stored.reference.start}-{stored.reference.end}"
    yield one_line(f"{place} ({stored.reference.form}, {stored.reference.kind})")
    yield f"  the article says: {one_line(_said(claim))}"
    for step in archive.resolutions_of(stored.id):
        yield f"  {one_line(_step(step))}"
    for answer in archive.refused_lookups_of(stored.id):
        yield f"  {one_line(_amiss(answer))}"
    level = stored.resolution.level
    yield f"  so it is {level.upper()}: {level_sentence(level, is_seen=is_seen)}"
    if stored.resolution.target is None and claim.network == "x":
        yield from _by_hand(claim)


def _said(claim: Claim) -> str:
    who = f"by @{claim.handle}" if claim.handle else "no handle"
    day = f"on {claim.date}" if claim.date else "no date"
    if claim.date and claim.date_tolerance:
        day += f" give or take {claim.date_tolerance} day"
    codes = f"with the codes {' '.join(claim.codes)}" if claim.codes else "no picture or link code"
    return f"{who}, {day}, {codes}"


# --- what each rule found ------------------------------------------------------------------------


def _step(step: Resolution) -> str:
    """`RULE: LEVEL, POST. Why`, or `RULE: refused. Why`."""
    facts = {name: str(value) for name, value in step.evidence.items() if value is not None}
    verdict = f"refused: {step.refused}" if step.refused else step.level.value
    if step.target:
        verdict += f", {step.target}"
    why = " ".join(_why(step.rule, facts))
    return f"{step.rule}: {verdict}.{f' {why}' if why else ''}"


def _why(rule: str, facts: Mapping[str, str]) -> Iterator[str]:
    code, source = facts.get("code"), _source(facts.get("source", ""))
    if rule == "reference":
        yield "The article itself names the post."
    elif rule == "manual" and "url" in facts:
        yield f"A person said that it is {facts['url']}."
    elif rule == "code_join":
        yield f"The code {code} belongs to post {facts.get('candidate')}, says {source}."
    elif rule == "cross_article":
        yield f"Post {facts.get('candidate')} has its words {_agreement(facts)}, says {source}."
    elif rule == "redirect":
        leads = f"leads to {facts['location']}" if "location" in facts else "leads nowhere"
        yield f"The short link t.co/{code} {leads}."
    elif rule == "wayback_cdx":
        yield f"The Wayback Machine holds post {facts.get('candidate')} of that author and day"
        text = facts.get("text")
        yield f"({facts.get('copy')}){f'; it says: “{text}”' if text else ''}."
    elif rule == "capture":
        yield from _compared(facts)
    else:
        yield ", ".join(f"{name} {value}" for name, value in facts.items())
    yield from _same("author", facts, "claimed_handle", "candidate_handle")
    yield from _same("day", facts, "claimed_day", "candidate_day")


def _same(what: str, facts: Mapping[str, str], claimed: str, candidate: str) -> Iterator[str]:
    """Whether article and candidate agree, where the rule looked at it."""
    if claimed in facts and candidate in facts:
        told, found = facts[claimed], facts[candidate]
        if told.lower() == found.lower():
            yield f"The {what} agrees ({told})."
        else:
            yield f"The {what} differs: the article says {told}, the post {found}."
    elif claimed in facts and what == "day":
        yield "Its id is too old to tell a day: it cannot be held against the article’s."


def _compared(facts: Mapping[str, str]) -> Iterator[str]:
    yield f"Held against what {facts.get('backend')} answered:"
    words = {"True": "agrees", "False": "differs"}
    told = [
        f"the {part} {words.get(facts.get(part, ''), 'cannot be compared')}"
        for part in ("handle", "day", "text")
    ]
    yield f"{', '.join(told)}{f' {_agreement(facts)}' if 'agreement' in facts else ''}."
    if "correction" in facts:
        yield "The article has the post’s words elsewhere than was read at first (a correction)."
    if "captured_at" in facts:
        yield f"So it was on {facts['captured_at']}; later it read otherwise."


def _agreement(facts: Mapping[str, str]) -> str:
    return f"({facts['agreement']} of 1 in common)" if "agreement" in facts else ""


def _source(source: str) -> str:
    kind, _, name = source.partition(":")
    return f"the article {name}" if kind == "document" else f"a stored answer ({name})"


def _amiss(answer: RefusedLookup) -> str:
    at = f"{answer.received_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{answer.resolver}: no answer. {answer.payload.url} was not understood on {at}:"
        f" {answer.reason} (status {answer.payload.status}); the bytes are kept,"
        f" {answer.payload.digest}."
    )


# --- what a person can ask -----------------------------------------------------------------------


def _by_hand(claim: Claim) -> Iterator[str]:
    """What can be asked where no rule found the post."""
    if claim.date:
        yield from _of_day(claim, claim.date)
    for code in claim.codes:
        yield f"  follow its short link: https://t.co/{quote(code)}"


def _of_day(claim: Claim, day: date) -> Iterator[str]:
    from datetime import timedelta  # noqa: PLC0415  # start-up

    from ..snowflake import day_bounds, prefixes  # noqa: PLC0415  # start-up

    slack = timedelta(claim.date_tolerance)
    try:
        first, last = day_bounds(day - slack), day_bounds(day + slack)
        after = day + slack + timedelta(1)
    except OverflowError:
        return
    if first is None or last is None:
        yield "  that day's ids tell no time (before November 2010)"
    else:
        yield f"  ids of that day: from {first[0]} up to {last[1] - 1}"
    if not claim.handle:
        return
    handle = quote(claim.handle)
    starts = prefixes(first[0], last[1], at_most=_MOST_PREFIXES) if first and last else ("",)
    for host in _HOSTS:
        for start in starts:
            page = f"{host}/{handle}/status/{start}"
            yield f"  ask the Wayback Machine: https://web.archive.org/web/*/{page}*"
            query = {"url": page, "matchType": "prefix", "collapse": "urlkey", "limit": "200"}
            yield f"    or its index: {_CDX}?{urlencode(query)}"
    query = {"q": f"from:{claim.handle} since:{day - slack} until:{after}", "f": "live"}
    yield f"  ask X: https://x.com/search?{urlencode(query)}"
