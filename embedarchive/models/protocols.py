"""What the parts of the pipeline ask of each other. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, runtime_checkable

from ..terms import Kind, Outcome
from .captures import Response
from .claims import Claim, CodeOwner, KnownClaim, Resolution, Target
from .embeds import Embed


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


class Metered(Fetcher, Protocol):
    """A fetcher whose requests can be counted."""

    def metered(self, admit: Callable[[str], None]) -> Fetcher:
        """The same one, which calls `admit` with the host before each request that it sends.

        Redirects and retries included; what `admit` raises comes through.
        """


class Memory(Protocol):
    """Where answers of slow services are kept for a while."""

    def recall(self, url: str) -> Response | None: ...
    def remember(self, url: str, response: Response) -> None: ...


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


class Network(Protocol):
    """A service that has posts: which URLs are posts of it. One file of the shelf `networks/`."""

    name: str
    hosts: frozenset[str]
    any_host: bool
    """Whether other hosts may belong to it as well: then the paths alone tell."""
    literals: tuple[bytes, ...]
    """ASCII byte strings of which one at least occurs (ignoring case) in each URL of a post."""
    patterns: tuple[str, ...]
    """The same, sharper: regular expressions, in the notation of `patterns`."""

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
    is_whole: bool
    """It tells the whole text of a post above 280 characters."""
    is_archive: bool
    """It holds copies made earlier: what it says is no word of the post's state now."""

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask the service; raises UpstreamError."""

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer, also one stored long ago. Pure. Raises UnexpectedResponse."""


@runtime_checkable
class AsksMany(Protocol):
    """What a backend has besides that answers for many posts at once."""

    most_at_once: int

    def ask_many(self, targets: Sequence[Target], fetch: Fetcher) -> Mapping[Target, Response]:
        """Ask once for all of them: for each an answer as `ask` gives it. Raises UpstreamError."""


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
