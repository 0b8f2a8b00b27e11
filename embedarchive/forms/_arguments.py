"""The arguments of a shortcode, tag or component → what they say of a post.

Ids stay strings, always: as numbers of YAML or JavaScript they would lose digits above 2^53.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..flattened.dates import parse_date
from ..models import Claim, Target
from ..networks import NETWORKS, identify

_ARGUMENT = re.compile(
    r"(?:([A-Za-z_][A-Za-z0-9_:.-]{0,40})\s{0,3}=\s{0,3})?"
    r"(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|[“”″]([^“”″]{0,2000})[“”″]"
    r"|&quot;((?:[^&]|&(?!quot;)){0,2000})&quot;"
    r"|\{\s{0,3}[\"'`]?([^{}\"'`]{0,500}?)[\"'`]?\s{0,3}\}"
    r"|([^\s\"'“”″{}<>\[\]]{1,1500}))"
)
_ID_NAMES = ("id", "tweetid", "tweet_id", "tweet-id", "tweet", "status", "status_id", "statusid")
_HANDLE_NAMES = ("user", "username", "handle", "screen_name", "screenname", "account")
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")
_SHORT_STATUS = re.compile(r"@?[A-Za-z0-9_]{1,15}/status/[0-9]{1,19}")
_PLACEHOLDER = re.compile(r"[.…\s]*")
_BY_NAME = {network.name: network for network in NETWORKS}


class Arguments(NamedTuple):
    positional: tuple[str, ...]
    named: Mapping[str, str]
    """Names in lower case; of doubled ones the first."""

    def first(self, names: tuple[str, ...]) -> str | None:
        """The value of the first of `names` that is given."""
        return next((self.named[name] for name in names if name in self.named), None)


def parse_arguments(text: str) -> Arguments:
    """`"a" b c=d e="f"`, quotes of any kind, braces as in JSX."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = next((group for group in match.groups()[1:] if group is not None), "").strip()
        if match[1]:
            named.setdefault(match[1].lower(), value)
        else:
            positional.append(value)
    return Arguments(tuple(positional), named)


def read_claim(arguments: Arguments, network: str | None) -> tuple[Claim, str | None] | None:
    """The claim and the URL in it; None where nothing names a post or its author.

    `network` is the one whose bare ids the notation takes, None where it takes URLs only.
    """
    for value in (*arguments.positional, *arguments.named.values()):
        short = f"https://x.com/{value}" if _SHORT_STATUS.fullmatch(value) else value
        post = identify(short)
        if post is not None and network in (None, post.target.network):
            claim = Claim(post.target.network, post.target.post_id, post.handle)
            return _with_details(claim, arguments), value
    if network is None:
        return None
    target = _target(network, arguments)
    claim = _with_details(Claim(network, target.post_id if target else None), arguments)
    is_told = claim.post_id is not None or (claim.handle and (claim.name or claim.date))
    return (claim, None) if is_told else None


def _target(network: str, arguments: Arguments) -> Target | None:
    """The post of a bare id, where the network's own addresses take such an id."""
    bare = arguments.first(_ID_NAMES) or next(iter(arguments.positional), None)
    return target_of(network, bare) if bare else None


def target_of(network: str, post_id: str) -> Target | None:
    """The post of a network with this id, or None where it can be no id of it."""
    post = _BY_NAME[network].identify(_BY_NAME[network].canonical_url(post_id))
    is_same = post is not None and post.target == Target(network, post_id)
    return post.target if post is not None and is_same else None


def _with_details(claim: Claim, arguments: Arguments) -> Claim:
    handle = _HANDLE.fullmatch(arguments.first(_HANDLE_NAMES) or "")
    name = arguments.named.get("name") or arguments.named.get("author")
    if name is not None and _PLACEHOLDER.fullmatch(name):
        name = None
    return Claim(
        network=claim.network,
        post_id=claim.post_id,
        handle=claim.handle or (handle[1] if handle else None),
        name=name,
        date=parse_date(arguments.named.get("date", "")),
    )
