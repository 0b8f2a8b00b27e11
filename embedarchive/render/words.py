"""Levels, outcomes, dates and numbers → the plain words that every face shows. Pure; UTC only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from ..differences import Change
from ..models import Level, Outcome

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Moment(NamedTuple):
    """A time or day: as HTML's `datetime` wants it, and in words that name the zone."""

    iso: str
    words: str


class Source(NamedTuple):
    """Where a capture came from."""

    words: str
    is_live: bool
    """It speaks of the post as it is now; an archive speaks of the past."""


LEVEL_WORDS = {
    Level.CLAIMED: "Claimed",
    Level.MATCHED: "Matched",
    Level.OBSERVED: "Observed",
    Level.VERIFIED: "Verified",
    Level.DISPUTED: "Disputed",
}

_UNSEEN = {
    Level.CLAIMED: "Only the article says so: this post has not been seen.",
    Level.MATCHED: "It is known which post this is, but it has not been seen.",
}
_SEEN = {
    Level.CLAIMED: "Only the article says so: it was not compared with what was captured.",
    Level.MATCHED: "It is known which post this is; it was not compared with what was captured.",
    Level.OBSERVED: "The post was seen, but not compared with the article on every point.",
    Level.VERIFIED: "The post was seen: its author, day and text agree with the article.",
    Level.DISPUTED: "The post was seen, and it differs from what the article says.",
}

_RULES = {
    "claim": "",
    "capture": "",
    "reference": "The article itself names the post.",
    "manual": "A person said which post this is.",
    "code_join": "Identified by its picture link, which another source ties to this post.",
    "redirect": "Identified by following its short link.",
    "cross_article": "Identified by another article, which links to it.",
    "wayback_cdx": "Identified in the index of the Wayback Machine.",
}

_OUTCOMES = {
    Outcome.AVAILABLE: "the post is public",
    Outcome.DELETED: "the post was deleted",
    Outcome.SUSPENDED: "the account is suspended",
    Outcome.PROTECTED: "the account has made its posts private",
    Outcome.ACCOUNT_GONE: "the account no longer exists",
    Outcome.WITHHELD: "the service withholds the post in some places",
    Outcome.RESTRICTED: "shown only to signed-in or adult visitors; the post is live",
    Outcome.REMOVED: "the service took the post down",
    Outcome.UNAVAILABLE: "withdrawn, and the service gives no reason",
    Outcome.NOT_FOUND: "the service finds no such post, which does not prove that it was deleted",
    Outcome.UNKNOWN: "the answer says nothing about the post",
}

TAKEN_DOWN = "Taken down from this archive"
LEFT_OF_IT = "what was captured of the post is no longer held; what an article says of it stays"
"""Of a post that was taken down."""

_CHANGES = {
    Change.TEXT: "Text",
    Change.EDITS: "Edited",
    Change.NAME: "Name",
    Change.HANDLE: "Handle",
    Change.AVATAR: "Picture of the author",
    Change.COUNTS: "Counts",
    Change.MEDIA: "Media",
    Change.GONE: "Gone",
    Change.RETURNED: "Back again",
}

_PARTS = {
    "text": "the whole text",
    "alt": "picture descriptions",
    "media": "pictures",
    "poll": "the poll",
    "note": "the community note",
    "quote": "the quoted post",
    "quote_url": "the quoted post",
    "repost": "the post it repeats",
    "repost_url": "the post it repeats",
    "parent": "the post it answers",
    "reply_to_handle": "the post it answers",
    "reply_to_id": "the post it answers",
    "quote_reason": "the quoted post",
    "parent_reason": "the post it answers",
    "card": "the link preview",
    "article": "the article it presents",
    "edits": "its edits",
    "counts": "counts",
    "author": "details of the author",
}
"""Parts of an embed worth saying that another service told them."""

_SOURCES = {
    "syndication": Source("X’s embed service", is_live=True),
    "oembed": Source("X’s oEmbed service", is_live=True),
    "api_v2": Source("X’s API", is_live=True),
    "fxtwitter": Source("FxTwitter, a mirror of X", is_live=True),
    "vxtwitter": Source("vxTwitter, a mirror of X", is_live=True),
    "bluesky": Source("Bluesky’s API", is_live=True),
    "mastodon": Source("the Mastodon server", is_live=True),
    "wayback": Source("the Internet Archive’s Wayback Machine", is_live=False),
}

_NETWORKS = {
    "x": "X",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "truthsocial": "Truth Social",
}

_VERIFIED = {
    "blue": "Verified account (paid)",
    "business": "Verified account (business)",
    "government": "Verified account (government)",
    "legacy": "Verified account (before 2023)",
}

_REASONS = {"dmcaed": "removed on a copyright claim"}

_MEDIA = {"photo": "Picture", "video": "Video", "gif": "Animated GIF"}


def level_sentence(level: Level, *, is_seen: bool) -> str:
    """What a level means, for a post of which a good capture is (or is not) held."""
    return _SEEN[level] if is_seen else _UNSEEN.get(level, _SEEN[level])


def meaning(level: Level) -> str:
    """What a level means, of posts in general."""
    return _UNSEEN.get(level, _SEEN[level])


def rule_sentence(rule: str) -> str:
    """How the post was identified; empty where it was not."""
    return _RULES.get(rule, f"Identified by the rule “{rule}”.")


def outcome_words(outcome: Outcome) -> str:
    """What a service's answer means, as the rest of a sentence."""
    return _OUTCOMES[outcome]


def change_word(kind: Change) -> str:
    """What changed, as a heading."""
    return _CHANGES[kind]


def source(backend: str) -> Source:
    """The service behind a backend's name; one that is not known here is named as it is."""
    return _SOURCES.get(backend) or Source(backend, is_live="wayback" not in backend)


def held_from(backend: str, told_by: Mapping[str, str]) -> str:
    """Who said what: `From X's embed service; the whole text from FxTwitter`."""
    others: dict[str, list[str]] = {}
    for part, other in told_by.items():
        if part in _PARTS:
            others.setdefault(other, []).append(_PARTS[part])
    said = [f"From {source(backend).words}"]
    for other, parts in others.items():
        said.append(f"{_listed(list(dict.fromkeys(parts)))} from {source(other).words}")
    return "; ".join(said)


def copy_words(made: Moment | None) -> str:
    """What a stored file is that did not come from its own host."""
    when = f" of {made.words}" if made else ""
    return f"the Wayback Machine’s copy{when}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def network_name(network: str) -> str:
    """A network's name as people write it."""
    return _NETWORKS.get(network, network.capitalize())


def verified_words(kind: str | None) -> str | None:
    """What a badge beside the name stood for."""
    return None if kind is None else _VERIFIED.get(kind, f"Verified account ({kind})")


def media_word(kind: str) -> str:
    """`photo`, `video` or `gif` as a word."""
    return _MEDIA.get(kind, kind.capitalize())


def unavailable(reason: str) -> str:
    """Why media cannot be shown, in the service's own word where it is not known here."""
    if reason == "unavailable":
        return "not available"
    return f"not available ({_REASONS.get(reason, reason)})"


def moment(at: datetime) -> Moment:
    """`17 April 2013, 18:02 UTC`."""
    utc = at.astimezone(UTC)
    iso = utc.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return Moment(iso, f"{_day_words(utc.date())}, {utc.hour:02}:{utc.minute:02} UTC")


def day(at: date) -> Moment:
    """`17 April 2013`."""
    return Moment(at.isoformat(), _day_words(at))


def _day_words(at: date) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def duration(milliseconds: int) -> str:
    """`0:42`, `1:02:03`."""
    minutes, seconds = divmod(max(milliseconds, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def number(count: int, one: str, many: str) -> str:
    """`1 like`, `12,345 likes`: exact, for rounding loses what was captured."""
    return f"{count:,} {one if count == 1 else many}"
