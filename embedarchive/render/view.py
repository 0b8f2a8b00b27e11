"""What the faces of the archive show, as values: words, links and stored files, no markup. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ..models import Level, MediaFile
from .words import Moment


@dataclass(frozen=True, slots=True)
class Inert:
    """HTML without script or request: escaping leaves it as it is. Only this package makes any."""

    html: str

    def __html__(self) -> str:
        return self.html


class Link(NamedTuple):
    text: str
    url: str | None = None


class Piece(NamedTuple):
    """A run of text; a link where `url` is given."""

    text: str
    url: str | None = None
    kind: str = "text"
    """`text`, or an entity's type."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote it."""

    name: str
    handle: str | None
    url: str | None
    initial: str
    """Stands where no picture is stored."""
    avatar: MediaFile | None = None
    avatar_shape: str = "circle"
    avatar_copied: Link | None = None
    """The web archive's copy that the picture is, where it did not come from its own host."""
    verified: str | None = None
    label: Link | None = None
    badge: MediaFile | None = None
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or a film, stored or not."""

    kind: str
    """`photo`, `video` or `gif`."""
    word: str
    image: MediaFile | None
    """The picture, or the poster of a film."""
    film: MediaFile | None
    alt: str | None
    width: int | None
    height: int | None
    duration: str | None
    url: str | None
    """Where it was published."""
    state: str | None
    """Why it cannot be shown; None where it can."""
    title: str | None
    description: str | None
    owner: Link | None
    """The account it was taken over from."""
    views: str | None
    copied: Link | None = None
    """As of an avatar."""


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    share: int | None
    """Whole percent of the captured votes."""
    votes: str | None
    is_leading: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """A poll as captured."""

    choices: tuple[Choice, ...]
    state: str
    ends: Moment | None
    length: str | None = None
    """How long it was open, where nothing says until when."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The card of a link."""

    title: str
    url: str | None
    domain: str | None
    description: str | None
    image: MediaFile | None
    image_alt: str | None
    width: int | None = None
    height: int | None = None
    copied: Link | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What other readers added."""

    title: str
    pieces: tuple[Piece, ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """What is shown of one post."""

    network: str
    """As people write it."""
    post_id: str | None
    url: str | None
    byline: Byline
    pieces: tuple[Piece, ...]
    lang: str | None = None
    direction: str | None = None
    is_truncated: bool = False
    replying_to: Link | None = None
    thread: Link | None = None
    media: tuple[Medium, ...] = ()
    is_sensitive: bool = False
    poll: Ballot | None = None
    preview: Preview | None = None
    article: Preview | None = None
    """The head of a long article that it presents."""
    note: Note | None = None
    quote: Post | None = None
    quoted: Link | None = None
    """A quoted post that is not held."""
    quoted_gap: str | None = None
    """What the service said when it was asked for that one."""
    quoted_words: str | None = None
    """What stood in its place in the post itself, in the service's own words."""
    repost: Post | None = None
    """The post that this one only repeats."""
    reposted: Link | None = None
    """The same, where it is not held."""
    parent: Post | None = None
    parent_gap: str | None = None
    """The same of a post that it answers and that is not held."""
    parent_words: str | None = None
    edits: str | None = None
    newer: Link | None = None
    place: str | None = None
    withheld: str | None = None
    app: str | None = None
    date: Moment | None = None
    date_note: str | None = None
    """What kind of date it is, where it is not the service's own."""
    counts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The post's text without its links."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def above(self) -> tuple[Post, ...]:
        """The posts that it answers, one the other, oldest first."""
        found: list[Post] = []
        post = self.parent
        while post is not None:
            found.append(post)
            post = post.parent
        return tuple(reversed(found))


class Change(NamedTuple):
    """A run of the difference between what an article says and what was seen."""

    op: str
    """`equal`, `insert` (only in the post) or `delete` (only in the article)."""
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read where a flattened post's text lies."""

    text: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Absence:
    """What the service says now, where that is not the post itself."""

    word: str
    """`Unavailable`, `Restricted` or `Not known`."""
    lead: str
    """`Unavailable since`, `Restricted since` or `Last asked`."""
    since: Moment
    reason: str
    quoted: str | None
    """The service's own words."""


class Takedown(NamedTuple):
    """That what was captured of a post was taken out of the archive."""

    lead: str
    """`Taken down from this archive`."""
    at: Moment
    left: str
    """What is no longer held, and what is."""


class Turn(NamedTuple):
    """What one visit found other than the visits before it."""

    word: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One answer of one service."""

    at: Moment
    source: str
    outcome: str
    is_available: bool
    quoted: str | None
    digest: str
    is_revisit: bool
    """The same bytes as an earlier answer."""
    changes: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One post with all that is known about how it is known."""

    key: str
    level: Level
    level_word: str
    level_sentence: str
    post: Post
    is_stub: bool
    held: str
    """Where what is shown comes from."""
    captured: Moment | None
    rule: str
    absence: Absence | None
    archived: Link | None
    """A public archive's own copy."""
    archived_on: Moment | None = None
    """When that copy was made."""
    disagreements: tuple[str, ...] = ()
    difference: tuple[Change, ...] = ()
    refusals: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    linked_data: Inert | None = None
    """The post for machines, as text of an inert script element."""
    taken_down: Takedown | None = None
    remains: str | None = None
    """What the article holds in the post's place, where it holds no text of it."""

    @property
    def anchor(self) -> str:
        """Where the card stands on a page of its own."""
        return "post-" + re.sub(r"[^A-Za-z0-9_.-]", "-", self.key)
