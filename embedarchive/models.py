"""The values that travel through the pipeline, and the small protocols between its parts. Pure.

source → Document → Reference (with its Claim) → Resolution (→ Target) → Capture (with its Embed)
→ Snapshot → page. All are frozen; times are aware UTC; ids are strings, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, NamedTuple, Protocol

from .terms import Kind as Kind  # noqa: PLC0414  # handed on
from .terms import Level as Level  # noqa: PLC0414  # handed on
from .terms import Outcome as Outcome  # noqa: PLC0414  # handed on


class Span(NamedTuple):
    """A half-open range of characters."""

    start: int
    end: int


# --- documents and what they say ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were invalid in the document's encoding and became one U+FFFD."""

    at: int
    """Character index of the U+FFFD in the text."""
    start: int
    """First byte."""
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it came: its bytes, and its text decoded once."""

    uri: str
    """Path or URL as given; `#ROW` for a record inside a file."""
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


# --- which post it is --------------------------------------------------------------------------


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


# --- what a post holds -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Author:
    handle: str
    name: str
    user_id: str | None = None
    avatar_url: str | None = None
    avatar_shape: str = "circle"
    """`circle`, `square` or `hexagon`."""
    verified: str | None = None
    """`blue`, `business`, `government`, `legacy` or None."""
    label: str | None = None
    """Affiliation or automated-account label."""
    label_url: str | None = None
    label_badge_url: str | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A link inside the text.

    `start`/`end` index `Embed.text` in code points; the slice was checked.
    """

    start: int
    end: int
    type: str
    """`url`, `mention`, `hashtag`, `cashtag` or `media`."""
    label: str
    """What to show: the display URL, `@name`, `#tag`, `$TAG`."""
    url: str | None = None
    """http(s) only; the expanded URL where known."""
    code: str | None = None
    """The t.co code behind the link, where there is one."""


@dataclass(frozen=True, slots=True)
class MediaVariant:
    url: str
    content_type: str
    bitrate: int | None = None


@dataclass(frozen=True, slots=True)
class Media:
    type: str
    """`photo`, `video` or `gif`."""
    url: str
    """The photo, or the poster of a video."""
    alt: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    variants: tuple[MediaVariant, ...] = ()
    availability: str = "available"
    code: str | None = None
    """The t.co code of the media link."""
    page_url: str | None = None
    """`https://x.com/USER/status/ID/photo/1`: names the post that owns the media."""
    title: str | None = None
    description: str | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class PollChoice:
    label: str
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    choices: tuple[PollChoice, ...]
    ends_at: datetime | None = None
    is_final: bool = False
    duration_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class LinkCard:
    name: str
    """The service's card kind: `summary`, `summary_large_image`, `player`, ..."""
    url: str | None = None
    title: str | None = None
    description: str | None = None
    domain: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    image_width: int | None = None
    image_height: int | None = None


@dataclass(frozen=True, slots=True)
class CommunityNote:
    text: str
    title: str | None = None
    url: str | None = None
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """As captured; None where the source does not say."""

    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    quotes: int | None = None
    bookmarks: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class EditHistory:
    post_ids: tuple[str, ...]
    """Oldest first."""
    is_edited: bool = False
    is_stale: bool = False
    """A newer version of this post exists."""


@dataclass(frozen=True, slots=True)
class Embed:
    """What is shown of a post, whichever backend said it."""

    target: Target
    author: Author
    text: str
    """Visible text: unescaped once, trailing media and quote links cut where marked as such."""
    entities: tuple[Entity, ...] = ()
    """In order, not overlapping."""
    created_at: datetime | None = None
    created_on: date | None = None
    """UTC day, where the source gives no time (oEmbed)."""
    lang: str | None = None
    """BCP 47, None for undetermined."""
    direction: str | None = None
    """`ltr`, `rtl` or None."""
    media: tuple[Media, ...] = ()
    quote: Embed | None = None
    quote_url: str | None = None
    """Where a quoted post is known to exist but is not held."""
    parent: Embed | None = None
    reply_to_handle: str | None = None
    reply_to_id: str | None = None
    thread_id: str | None = None
    """First post of the author's thread."""
    poll: Poll | None = None
    card: LinkCard | None = None
    note: CommunityNote | None = None
    counts: Counts = Counts()
    edits: EditHistory | None = None
    is_truncated: bool = False
    """The source cut the text of a long post."""
    is_sensitive: bool = False
    place: str | None = None
    withheld_in: tuple[str, ...] = ()
    source_app: str | None = None
    codes: tuple[str, ...] = ()
    """Every t.co code the post's own text, links and media carry."""


# --- answers of services -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP exchange, its body decoded and within the cap."""

    url: str
    """The URL asked, as the service knows it (before re-basing on a configured endpoint)."""
    status: int
    headers: Mapping[str, str]
    """Lower-case names; no Set-Cookie."""
    body: bytes = field(repr=False)
    received_at: datetime
    final_url: str = ""
    """After redirects; equal to `url` where there were none."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes as received, under their digest."""

    digest: str
    body: bytes = field(repr=False)
    url: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of one backend at one moment."""

    target: Target
    backend: str
    outcome: Outcome
    captured_at: datetime
    payload: Payload
    embed: Embed | None = None
    """Present exactly where `outcome` is AVAILABLE."""
    reason: str | None = None
    """The service's own words, where it gave any."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored capture: a memento."""

    id: int
    capture: Capture


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A media file in the archive."""

    sha256: str
    content_type: str
    """Sniffed: image/jpeg, image/png, image/gif, image/webp or video/mp4."""
    content: bytes = field(repr=False)
    url: str
    """The service's URL, as the embed names it (a larger form of it may have been fetched)."""


# --- protocols between the rows ----------------------------------------------------------------


class Index(Protocol):
    """What resolvers may ask of the archive."""

    def owners_of_code(self, code: str) -> list[CodeOwner]:
        """Posts that stored payloads or documents tie to a t.co/pic code; none is no error."""

    def claims_like(self, claim: Claim) -> list[KnownClaim]:
        """What is said of posts that are known by id and have the claim's handle, day and a text.

        The claim names both, and its network is `x`; none is no error.
        """


class Fetcher(Protocol):
    """What resolvers and backends may ask of the network."""

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        """One GET. Any HTTP status is returned but 429 (RateLimited) and 5xx (ServerFailure).

        Raises UpstreamError.
        """


class HostState(NamedTuple):
    """What is remembered of a host between runs."""

    host: str
    not_before: datetime | None
    """Ask nothing earlier."""
    failures: int
    """In a row."""


class HostStates(Protocol):
    """Where `net` keeps its pacing."""

    def host_state(self, host: str) -> HostState | None: ...
    def set_host_state(self, state: HostState) -> None: ...


class Reader(Protocol):
    """How articles come: one kind of file, one file of the shelf `readers/`."""

    name: str
    suffixes: frozenset[str]
    """With the dot, lower case."""
    media_types: frozenset[str]
    """Of a Content-Type header, lower case, without parameters."""

    def read(self, uri: str, stream: BinaryIO, charset: str | None) -> Iterator[Document]:
        """The documents in a stream; `charset` is what the transport declared.

        Raises InputError.
        """


class Network(Protocol):
    """A service that has posts: which URLs are posts of it. One file of the shelf `networks/`."""

    name: str
    hosts: frozenset[str]
    any_host: bool
    """Whether other hosts may belong to it as well: then the paths alone tell."""
    literals: tuple[bytes, ...]
    """ASCII byte strings of which one at least occurs (ignoring case) in each URL of a post."""

    def identify(self, url: str) -> PostUrl | None: ...
    def canonical_url(self, post_id: str, handle: str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class PostUrl:
    """What a URL says about a post."""

    target: Target
    handle: str | None = None
    kind: Kind = Kind.LINK
    wrapper: str | None = None
    """`mirror`, `archive`, `redirect`, ... where the URL is not the service's own."""


class Backend(Protocol):
    """A way to learn an embed. One file of the shelf `backends/`."""

    name: str
    networks: frozenset[str]
    is_archive: bool
    """It holds copies made earlier: what it says is no word of the post's state now."""

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask the service; raises UpstreamError."""

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer, also one stored long ago. Pure. Raises UnexpectedResponse."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a backend's answer says."""

    outcome: Outcome
    embed: Embed | None = None
    reason: str | None = None


class Resolver(Protocol):
    """How an id is learnt when the reference has none. One file of the shelf `resolvers/`."""

    name: str
    is_online: bool

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        """Candidates, best first, refused ones included (with `refused`); none found: empty.

        Offline resolvers ignore `fetch`. Raises UpstreamError.
        """


# --- records: what the archive holds, as the pages show it ----------------------------------------


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A stored media file without its bytes."""

    sha256: str
    content_type: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A reference as it lies in the archive, with the best resolution so far."""

    id: int
    uri: str
    """Of its document."""
    reference: Reference
    resolution: Resolution
    """The one in force; level `claimed` and rule `claim` where nothing more is known."""
    refusals: tuple[Resolution, ...] = ()
    post_key: str = ""
    """Of the `PostRecord` it belongs to."""
    correction: Correction | None = None
    """By the resolution in force."""

    @property
    def places(self) -> tuple[Span, ...]:
        """Where the post stands in its document, as well as is known; in order."""
        if self.correction is not None:
            return (Span(self.correction.start, self.correction.end),)
        return self.reference.parts or (Span(self.reference.start, self.reference.end),)


@dataclass(frozen=True, slots=True)
class PostRecord:
    """All that the archive knows of one post; a stub where no backend ever answered with it."""

    key: str
    """`x-123` for a known post, `claim-17` for reference 17 of an unknown one; safe in paths."""
    target: Target | None
    level: Level
    references: tuple[StoredReference, ...]
    """Oldest first; never empty for a stub."""
    snapshot: Snapshot | None
    """The last good capture."""
    visits: tuple[Snapshot, ...] = ()
    """Every capture, oldest first: the timemap."""
    media: Mapping[str, MediaFile] = field(default_factory=dict)
    """The service's media URL → the stored file."""


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """The newest version of a document with its references, in order."""

    version_id: int
    document: Document
    references: tuple[StoredReference, ...]
    first_seen: datetime
    last_seen: datetime
