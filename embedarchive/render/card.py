"""A PostRecord, or one article's reference to it, → the Card that every face shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..differences import Change as _Kind
from ..differences import Difference, differences
from ..models import (
    Claim,
    Embed,
    Level,
    Outcome,
    PostRecord,
    Resolution,
    Snapshot,
    StoredReference,
)
from . import mementos, words
from .attachments import web_url
from .linked_data import linked_data
from .post import moment_of_id, post_of_claim, post_of_embed, post_url
from .view import Absence, Card, Change, Link, Post, Reading, Takedown, Turn, Visit
from .words import Moment


def make_card(record: PostRecord, reference: StoredReference | None = None) -> Card:
    """What is shown of a post: on its own, or in the place of one article's reference to it.

    With `reference`, the level, the differences and the refusals are that reference's.
    """
    told = reference or record.fullest
    level = reference.resolution.level if reference else record.level
    embed = record.snapshot.capture.embed if record.snapshot else None
    disputes = (reference,) if reference else record.references
    archived, archived_on = _archived(record)
    post = post_of_embed(embed, record.media, record.gaps) if embed else _stub(record, told)
    return Card(
        key=record.key,
        level=level,
        level_word=words.LEVEL_WORDS[level],
        level_sentence=words.level_sentence(level, is_seen=embed is not None),
        post=post,
        is_stub=embed is None,
        held=_held(record.snapshot, told, record.told_by, in_place=reference is not None),
        captured=words.moment(record.snapshot.capture.captured_at) if record.snapshot else None,
        rule=words.rule_sentence(told.resolution.rule) if told else "",
        absence=absence_of(record.visits),
        taken_down=_takedown(record),
        archived=archived,
        archived_on=archived_on,
        disagreements=_disagreements(disputes, embed) if embed else (),
        difference=next(filter(None, map(_difference, disputes)), ()),
        refusals=tuple(_refusal(refusal) for item in disputes for refusal in item.refusals),
        readings=_readings(told.reference.claim) if told and not embed else (),
        linked_data=linked_data(embed, post, archived) if embed else None,
        remains=told.reference.raw if told and not embed and _is_textless(told) else None,
    )


def make_visits(visits: Iterable[Snapshot]) -> tuple[Visit, ...]:
    """The timemap as rows, oldest first, each with what it found changed."""
    captures = [snapshot.capture for snapshot in visits]
    archives = {c.backend for c in captures if not words.source(c.backend).is_live}
    seen: set[str] = set()
    rows = []
    for capture, found in zip(captures, differences(captures, archives=archives), strict=True):
        rows.append(
            Visit(
                at=words.moment(capture.captured_at),
                source=words.source(capture.backend).words,
                outcome=words.outcome_words(capture.outcome),
                is_available=capture.outcome is Outcome.AVAILABLE,
                quoted=capture.reason,
                digest=capture.payload.digest,
                is_revisit=capture.payload.digest in seen,
                changes=tuple(map(_turn, found)),
            )
        )
        seen.add(capture.payload.digest)
    return tuple(rows)


def _turn(difference: Difference) -> Turn:
    """Both sides, where they are words for people."""
    word = words.change_word(difference.kind)
    if difference.kind in (_Kind.AVATAR, _Kind.MEDIA, _Kind.GONE, _Kind.RETURNED):
        return Turn(word, None, None)
    return Turn(word, difference.before, difference.after)


def _stub(record: PostRecord, told: StoredReference | None) -> Post:
    """The claim alone, with the address and time of the id where one is known."""
    claim = told.reference.claim if told else Claim()
    post = post_of_claim(claim)
    if record.target is None:
        return post
    of_id = moment_of_id(record.target)
    return replace(
        post,
        network=words.network_name(record.target.network),
        post_id=record.target.post_id,
        url=post_url(record.target, claim.handle),
        date=of_id or post.date,
        date_note="by its id" if of_id else post.date_note,
    )


def _is_textless(told: StoredReference) -> bool:
    return not told.reference.claim.text and bool(told.reference.raw.strip())


def _held(
    snapshot: Snapshot | None,
    told: StoredReference | None,
    told_by: Mapping[str, str],
    *,
    in_place: bool,
) -> str:
    if snapshot:
        return words.held_from(snapshot.capture.backend, told_by)
    if told is None:
        return "Nothing is held of this post"
    return "From this article alone" if in_place else f"From the article alone: {told.uri}"


def _archived(record: PostRecord) -> tuple[Link | None, Moment | None]:
    """The public archive's own copy of the post, the one shown before others, and its time."""
    shown = (record.snapshot,) if record.snapshot else ()
    for capture in (visit.capture for visit in (*shown, *reversed(record.visits))):
        if words.source(capture.backend).is_live or capture.outcome is not Outcome.AVAILABLE:
            continue
        url = web_url(capture.payload.url)
        if url is not None:
            url, made = mementos.shown(url)
            return Link("Archived copy", url), made
    return None, None


def absence_of(visits: tuple[Snapshot, ...]) -> Absence | None:
    """What the service says of the post now: the last answers in a row that were not the post.

    An archive's copy says nothing about now, and an empty answer nothing at all.
    """
    since = last = None
    for capture in (snapshot.capture for snapshot in visits):
        if not words.source(capture.backend).is_live or capture.outcome is Outcome.UNKNOWN:
            continue
        if capture.outcome is Outcome.AVAILABLE:
            since = last = None
            continue
        since, last = since or capture, capture
    if since is None or last is None:
        return _silence(visits)
    is_live = last.outcome in (Outcome.RESTRICTED, Outcome.WITHHELD)
    word = "Restricted" if is_live else "Unavailable"
    reason = words.outcome_words(last.outcome)
    return Absence(word, f"{word} since", words.moment(since.captured_at), reason, last.reason)


def _takedown(record: PostRecord) -> Takedown | None:
    if record.forgotten_at is None:
        return None
    return Takedown(words.TAKEN_DOWN, words.moment(record.forgotten_at), words.LEFT_OF_IT)


def _silence(visits: tuple[Snapshot, ...]) -> Absence | None:
    """Only empty answers: the post was asked for and nothing is known."""
    if not visits or any(visit.capture.outcome is not Outcome.UNKNOWN for visit in visits):
        return None
    last = visits[-1].capture
    reason = words.outcome_words(last.outcome)
    return Absence("Not known", "Last asked", words.moment(last.captured_at), reason, last.reason)


def _disagreements(references: Iterable[StoredReference], embed: Embed) -> tuple[str, ...]:
    """Author and day, where an article prints others than the post has; each once."""
    author = embed.author.handle
    seen = embed.created_at.date() if embed.created_at else embed.created_on
    found: dict[str, None] = {}
    for item in references:
        claim = item.reference.claim
        if item.resolution.level is Level.VERIFIED:
            continue
        if claim.handle and claim.handle.lower() != author.lower():
            found[f"The article names @{claim.handle}; the post is by @{author}."] = None
        if claim.date and seen and abs((claim.date - seen).days) > claim.date_tolerance:
            printed, true = words.day(claim.date).words, words.day(seen).words
            found[f"The article prints {printed}; the post is of {true} (UTC)."] = None
    return tuple(found)


def _difference(reference: StoredReference) -> tuple[Change, ...]:
    """`evidence["difference"]` of a disputed resolution, as far as it has the agreed shape."""
    if reference.resolution.level is not Level.DISPUTED:
        return ()
    changes = reference.resolution.evidence.get("difference")
    if not isinstance(changes, list | tuple):
        return ()
    return tuple(
        Change(str(change["op"]), str(change["text"]))
        for change in changes
        if isinstance(change, dict) and {"op", "text"} <= change.keys()
    )


def _refusal(refusal: Resolution) -> str:
    candidate = refusal.evidence.get("candidate", "A candidate")
    return f"{candidate} was refused (rule “{refusal.rule}”): {refusal.refused}"


def _readings(claim: Claim) -> tuple[Reading, ...]:
    """The runners-up, which only matter where nobody has seen the post itself."""
    return tuple(
        Reading(alternative.text, f"{round(alternative.confidence * 100)} %")
        for alternative in claim.alternatives
    )
