"""Handle and UTC day of the claim → the posts of that day that the Wayback Machine holds copies of.

Names candidates only, at the level `claimed`: which of them has the claim's text is told by the
copies, which another part reads. Slow by the archive's own wish, hence off by default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from .. import cdx, snowflake
from ..models import Claim, Fetcher, Index, Level, Resolution, Target
from ..networks.x import NETWORK

_HOSTS = ("twitter.com", "x.com")
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_MOST_PREFIXES = 2
"""Each one costs two questions of 2.5 seconds. A day's ids share their first four digits with those
of a day or two around it; six digits would be exact, and take 37 prefixes."""
_MOST_CANDIDATES = 24
"""Each one costs two more questions at least, and all have to be looked at: posts of one day that
look alike are the rule, not the exception, where an account writes many."""


class WaybackCdx:
    """https://web.archive.org/cdx/search/cdx"""

    name = "wayback_cdx"
    is_online = True

    def resolve(self, claim: Claim, index: Index, fetch: Fetcher | None) -> list[Resolution]:
        """One candidate for each archived post of that handle and day; none without a text.

        More than can be looked at are all refused. Raises UpstreamError.
        """
        handle = claim.handle or ""
        prefixes = _prefixes(claim)
        if fetch is None or claim.network != "x" or not claim.text or not prefixes:
            return []
        if not _HANDLE.fullmatch(handle):
            return []
        found: dict[str, cdx.Row] = {}
        for row in chain.from_iterable(_rows(handle, prefix, fetch) for prefix in prefixes):
            post = NETWORK.identify(row.original)
            if post and post.wrapper is None and _is_on_day(claim, post.target.post_id):
                found.setdefault(post.target.post_id, row)
        refused = None
        if len(found) > _MOST_CANDIDATES:
            refused = f"{len(found)} posts of that day are archived, too many to look at"
        return [
            Resolution(
                self.name,
                Level.CLAIMED,
                None if refused else Target("x", number),
                {"candidate": number, "prefixes": list(prefixes), "copy": cdx.memento_url(row)},
                refused,
            )
            for number, row in sorted(found.items())
        ]


def _prefixes(claim: Claim) -> tuple[str, ...]:
    """The first digits that the ids of the claim's day begin with; none where ids tell no day."""
    if claim.date is None:
        return ()
    days = timedelta(claim.date_tolerance)
    try:
        first = snowflake.day_bounds(claim.date - days)
        last = snowflake.day_bounds(claim.date + days)
    except OverflowError:
        return ()
    if first is None or last is None:
        return ()
    return snowflake.prefixes(first[0], last[1], at_most=_MOST_PREFIXES)


def _rows(handle: str, prefix: str, fetch: Fetcher) -> Iterator[cdx.Row]:
    """One row for each URL, under both names of the service."""
    for host in _HOSTS:
        yield from cdx.rows(
            f"{host}/{handle}/status/{prefix}",
            fetch,
            collapse="urlkey",
            filter="statuscode:200",
        )


def _is_on_day(claim: Claim, post_id: str) -> bool:
    assert claim.date is not None
    return snowflake.is_on_day(post_id, claim.date, tolerance_days=claim.date_tolerance) is True


RESOLVER = WaybackCdx()
