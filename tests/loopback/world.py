"""What exists behind the loopback server: posts, codes, recorded bodies, and what is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from embedarchive import snowflake


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    host: str
    """The service that is meant: the first segment of the path."""
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Lower-case names."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, and how badly it is sent."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    """Seconds between two bytes, headers included; 0 sends all at once."""
    is_cut: bool = False
    """The connection closes before the first byte."""
    length: int | None = None
    """A Content-Length other than the true one."""


Answer = Callable[[Asked], Reply]

Change = Mapping[str, object] | None
"""What becomes different about a post; None for its birth."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A media item of a post."""

    key: str
    kind: str = "photo"
    """`photo`, `video` or `animated_gif`."""
    alt: str | None = None
    width: int = 1200
    height: int = 800
    extension: str = "jpg"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as its author sees it; the services derive their answers from it."""

    post_id: str
    handle: str
    name: str
    text: str
    """Visible text; links stand in it as `https://t.co/CODE` of a code in `links`."""
    created: datetime
    lang: str = "en"
    media: tuple[Picture, ...] = ()
    code: str | None = None
    """The t.co code of the media link."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Code → target."""
    quote: str | None = None
    """The id of a quoted post."""
    reply_to: str | None = None
    likes: int = 0
    gone: str | None = None
    """The tombstone's words; "" for a tombstone without words."""
    edits: tuple[str, ...] = ()
    """The ids of all versions, oldest first, once it was edited."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What the Wayback Machine holds of one URL at one moment."""

    timestamp: str
    """14 digits."""
    url: str
    reply: Reply


@dataclass(slots=True)
class _Fault:
    host: str
    path: str
    answer: Answer
    left: int | None


class World:
    """All posts, and the switches of the services."""

    def __init__(self) -> None:
        self.posts: dict[str, Post] = {}
        self.codes: dict[str, str] = {}
        """t.co code → target URL."""
        self.syndication_bodies: dict[str, bytes] = {}
        """Recorded answers, by id; they win over `posts`."""
        self.oembed_bodies: dict[str, bytes] = {}
        self.fxtwitter_bodies: dict[str, bytes] = {}
        self.missing: set[str] = set()
        """Media paths that answer 404."""
        self.asked: list[Asked] = []
        self.publish_redirects = False
        """publish.x.com answers 302 to publish.twitter.com, as until June 2024."""
        self.speaks_x = True
        """oEmbed answers carry x.com, as since June 2026."""
        self.drops_empty_arrays = True
        """Syndication leaves empty entity arrays out, as since May 2026."""
        self.copies: list[Copy] = []
        """What is archived, in any order."""
        self.blocked: set[str] = set()
        """Hosts whose copies the archive does not show."""
        self.token = "loopback-token"
        """What the API wants as a bearer token."""
        self.speaks_posts = False
        """The API's answers carry `posts` where they had `tweets`."""
        self.api_left = 450
        """Requests that the API still answers before `api_reset`."""
        self.api_reset = datetime(2030, 1, 1, tzinfo=UTC)
        self.clock: float = 0
        """What the lives of posts go by: days, or whatever a test counts."""
        self._lives: dict[str, list[tuple[float, Change]]] = {}
        self._faults: list[_Fault] = []

    def add_post(self, post_id: str, handle: str, name: str, text: str, **more: object) -> Post:
        """Make a post; its codes become t.co links. `created` comes from the id."""
        created = more.pop("created", None) or snowflake.created_at(post_id)
        post = Post(post_id, handle, name, text, created or datetime.now(UTC), **more)
        self.posts[post_id] = post
        self.codes.update(post.links)
        if post.code and post.media:
            self.codes[post.code] = media_page(post, post.media[0])
        return post

    def live(self, post_id: str, changes: Mapping[float, Change]) -> None:
        """Script a post's life: from each moment of `clock` on, one change more applies.

        See `life` for the changes.
        """
        self._lives[post_id] = sorted(changes.items(), key=lambda item: item[0])

    def post(self, post_id: str | None) -> Post | None:
        """The post as it is now; None before it is born."""
        post = self.posts.get(post_id or "")
        changes = self._lives.get(post_id or "", [])
        if post is None or (changes and changes[0][1] is None and changes[0][0] > self.clock):
            return None
        for moment, change in changes:
            if moment <= self.clock and change is not None:
                post = replace(post, **change)
        return post

    def fault(
        self, host: str, answer: Answer | Reply, *, path: str = "", times: int | None = None
    ) -> None:
        """From now on answer so for a host, or for its paths that begin with `path`.

        `host` may be `*`. After `times` answers the fault is over.
        """
        made = answer if callable(answer) else lambda _: answer
        self._faults.append(_Fault(host, path, made, times))

    def heal(self) -> None:
        """End all faults."""
        self._faults.clear()

    def faulty(self, asked: Asked) -> Reply | None:
        """The answer of the first fault that applies."""
        for fault in self._faults:
            if fault.host in ("*", asked.host) and asked.path.startswith(fault.path):
                if fault.left == 0:
                    continue
                if fault.left is not None:
                    fault.left -= 1
                return fault.answer(asked)
        return None

    def count(self, host: str) -> int:
        """How often a host was asked."""
        return sum(asked.host == host for asked in self.asked)


def media_page(post: Post, picture: Picture, number: int = 1) -> str:
    """The page of one media item, which names the post that owns it."""
    kind = "photo" if picture.kind == "photo" else "video"
    return f"https://x.com/{post.handle}/status/{post.post_id}/{kind}/{number}"
