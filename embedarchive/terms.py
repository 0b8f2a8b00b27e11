"""The words that are stored and shown: kinds, levels, outcomes. Apart from the values that hold
them, since the command line needs them before it knows what it is asked for."""

from __future__ import annotations

from enum import StrEnum

SCANNER_VERSION = "1"
"""Moves with each release that may find other references in the same document: other places, forms,
confidences or readings. What was scanned by another version, in an archive or a Parquet file, is
scanned again. Between two releases it stays: who works on the scanner begins a new archive."""


class Kind(StrEnum):
    """What a reference is to the article."""

    EMBED = "embed"
    LINK = "link"
    """A citation in prose."""
    SIDEBAR = "sidebar"
    """A site's own ticker, "retweet this", "discuss on X"."""
    CREDIT = "credit"
    """Names an account as the source of a picture or a claim, no post."""
    UNRESOLVED = "unresolved"
    """A post was embedded here, and nothing left in the document names it."""
    OTHER = "other"
    """Another object of the same network: a moment, an event, a space."""


class Level(StrEnum):
    """How well a reference's target is known. Never skipped, always shown."""

    CLAIMED = "claimed"
    """Only the article says so."""
    MATCHED = "matched"
    """An id fits, by rule."""
    OBSERVED = "observed"
    """A backend answered for that id."""
    VERIFIED = "verified"
    """Handle, UTC day and text of the answer agree with the claim."""
    DISPUTED = "disputed"
    """The answer and the claim disagree; the difference is shown."""


class Outcome(StrEnum):
    """What a service answered about a post. Not being able to ask is an error, not an outcome."""

    AVAILABLE = "available"
    DELETED = "deleted"
    SUSPENDED = "suspended"
    PROTECTED = "protected"
    ACCOUNT_GONE = "account_gone"
    WITHHELD = "withheld"
    RESTRICTED = "restricted"
    """Age- or login-gated; the post is live."""
    REMOVED = "removed"
    """Taken down by the service ("violated the rules")."""
    UNAVAILABLE = "unavailable"
    """Withdrawn, reason not given."""
    NOT_FOUND = "not_found"
    """404: no proof of deletion."""
    UNKNOWN = "unknown"
    """An empty answer (`{}`): says nothing about the post."""

    @property
    def is_proven_gone(self) -> bool:
        """Whether this answer by itself shows that the post is gone from public view."""
        return self in _PROVEN_GONE


_PROVEN_GONE = frozenset(
    {
        Outcome.DELETED,
        Outcome.SUSPENDED,
        Outcome.PROTECTED,
        Outcome.ACCOUNT_GONE,
        Outcome.REMOVED,
    }
)
