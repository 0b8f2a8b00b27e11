"""What exists behind the loopback server: posts, codes, recorded bodies, and what is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
        self.missing: set[str] = set()
        """Media paths that answer 404."""
        self.asked: list[Asked] = []
        self.publish_redirects = False
        """publish.x.com answers 302 to publish.twitter.com, as until June 2024."""
        self.speaks_x = True
        """oEmbed answers carry x.com, as since June 2026."""
        self.drops_empty_arrays = True
        """Syndication leaves empty entity arrays out, as since May 2026."""
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
