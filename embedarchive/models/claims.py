"""What an article is, what it says of a post, and which post that is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from ..terms import Kind, Level


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were invalid in the document's encoding and became one U+FFFD."""

    at: int
    """Character index of the U+FFFD in the text."""
    start: int
    """First byte."""
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stands in the file that holds it."""

    file: str
    """Path or URL as given."""
    row: int | None = None
    """Counted from 1: a line, a row of a table, an item."""
    offset: int | None = None
    """Of its first byte; in a compressed file, of the content."""
    url: str | None = None
    """What the record itself says that it was published under."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it came: its bytes, and its text decoded once.

    Of a record that holds its text in a notation (a JSON string, an XML element), `content` is
    the text in UTF-8.
    """

    uri: str
    """Path or URL as given; with `#KEY` for a record inside a file: its row, counted from 1, or
    its id where the file gives it one."""
    media_type: str
    """`text/plain`, `text/markdown` or `text/html`."""
    encoding: str
    """Python's name of the codec that decodes `content` (after the BOM)."""
    content: bytes = field(repr=False)
    text: str = field(repr=False)
    """`content` decoded; line ends as they came."""
    digest: str
    """`sha256:` and 64 hex digits, of `content`."""
    bom: int = 0
    """Length of the byte order mark in bytes; the text starts behind it."""
    damage: tuple[Damage, ...] = ()
    published_at: datetime | None = None
    origin: Origin | None = None
    """None where the document is the whole file."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A runner-up reading of where a flattened post's text lies."""

    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Claim:
    """What the document itself says of the post. A claim is not a fact."""

    network: str = "x"
    post_id: str | None = None
    handle: str | None = None
    """Without the @."""
    name: str | None = None
    date: date | None = None
    """As printed. In oEmbed markup it is the id's UTC day; see `date_tolerance`."""
    text: str | None = None
    """The post's visible text: no quote marks, no markup; None where the document holds none."""
    text_span: Span | None = None
    """Where `text` lies in the document's text."""
    codes: tuple[str, ...] = ()
    """t.co and pic codes (the same code space), in order, without duplicates."""
    confidence: float = 1.0
    alternatives: tuple[Alternative, ...] = ()
    """Other bounds, most likely first; includes text behind a displaced attribution."""
    date_tolerance: int = 0
    """Days that the printed date may be off the id's UTC day: 1 where it was in a reader's zone."""
    flags: tuple[str, ...] = ()
    """Words on how the claim was read (`one-line`, `orphan`, `length-limit`), for `--explain`."""


@dataclass(frozen=True, slots=True)
class Target:
    """The post's identity."""

    network: str
    post_id: str

    def __str__(self) -> str:
        return f"{self.network}:{self.post_id}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a document that points at a post.

    `document.text[start:end] == raw`, always. Where it lies in several places, `start`/`end` are
    the hull and `parts` the places.
    """

    start: int
    end: int
    raw: str = field(repr=False)
    form: str
    kind: Kind
    claim: Claim
    url: str | None = None
    """As found."""
    parts: tuple[Span, ...] = ()

    @property
    def target(self) -> Target | None:
        """The post, where the reference itself names it."""
        if self.claim.post_id is None:
            return None
        return Target(self.claim.network, self.claim.post_id)


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a reference got its target, or why a candidate was refused."""

    rule: str
    """The resolver's name, `reference` for an id in the document, `manual` for a person's word."""
    level: Level
    target: Target | None
    evidence: Mapping[str, object] = field(default_factory=dict)
    """JSON-able facts the rule used."""
    refused: str | None = None
    """Why the candidate in `evidence["candidate"]` was not taken; then `target` is None."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Where a document has a captured post's text, where that is not where it was read.

    Kept as `evidence["correction"]` of the resolution; the reference stays as it was read.
    """

    start: int
    """Of the whole reference, its attribution included."""
    end: int
    text: str
    text_start: int
    text_end: int


@dataclass(frozen=True, slots=True)
class CodeOwner:
    """A post that some payload or document ties to a t.co/pic code."""

    target: Target
    handle: str | None
    source: str
    """Where the tie was seen: `payload:DIGEST` or `document:URI`."""


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """What a stored payload or document says of a post that it names by its id."""

    target: Target
    claim: Claim
    source: str
    """As of a `CodeOwner`."""
