"""What a post holds, whichever backend said it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from .claims import Target


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
class AttachedArticle:
    """The head of a long article (X's "Articles") that a post presents."""

    title: str
    preview: str | None = None
    """How it begins."""
    image_url: str | None = None
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
    quote_reason: str | None = None
    """What the service says in the place of a quoted post."""
    repost: Embed | None = None
    """The post that this one only repeats; `text` is then a copy that may be cut."""
    repost_url: str | None = None
    """Where that one is known to exist but is not held."""
    parent: Embed | None = None
    parent_reason: str | None = None
    """What the service says in the place of the post that this one answers."""
    reply_to_handle: str | None = None
    reply_to_id: str | None = None
    thread_id: str | None = None
    """First post of the author's thread."""
    poll: Poll | None = None
    card: LinkCard | None = None
    article: AttachedArticle | None = None
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

    @property
    def marked_text(self) -> str:
        """The text, marked as cut where its source cut it."""
        return f"{self.text}…" if self.is_truncated else self.text
