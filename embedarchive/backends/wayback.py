"""web.archive.org: copies that the Wayback Machine made of a post, of any year since 2007.

A post's id in, the copy that tells most out. A copy says what was, not what is: that an archived
page is missing proves nothing. Slow by the archive's own wish, hence off by default.
"""

from __future__ import annotations

from datetime import datetime

from .. import cdx
from ..errors import UnexpectedResponse
from ..models import Answer, Embed, Fetcher, Outcome, Response, Target, unexpected
from ..networks.x import NETWORK
from . import _json
from ._x_page import read_page
from ._x_v1 import embed_of_tweet
from ._x_v2 import embed_of_v2

_MOST_ROWS = 200
_MOST_COPIES = 3
"""Copies that are looked at until one shows the post."""
_LAST_WRITTEN_PAGES = "20200601"
"""Since then pages are shells that scripts fill, and copies of them mostly empty."""


class Wayback:
    """https://web.archive.org"""

    name = "wayback"
    networks = frozenset({"x"})
    is_whole = True
    is_archive = True

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask the index under both names of the service, then for the copies; raises UpstreamError.

        Returns the first copy that shows the post, else the best one, else the index's answer.
        """
        rows: list[cdx.Row] = []
        for beginning in _beginnings(target, handle):
            answer = cdx.ask(beginning, fetch, limit=_MOST_ROWS)
            try:
                rows = _copies(target, answer)
            except UnexpectedResponse:
                return answer  # no table of the index: `parse` says so of its bytes
            if rows:
                break
        best: Response | None = None
        for row in rows[:_MOST_COPIES]:
            copy = cdx.memento(cdx.memento_url(row), fetch)
            if self._shows(target, copy):
                return copy
            best = best or copy
        return best or answer

    def parse(self, target: Target, response: Response) -> Answer:
        """Read a copy or the index's answer; raises UnexpectedResponse for what is neither.

        Only an answer with a Memento-Datetime is an archived one. `reason` says when that was.
        """
        refused = cdx.refusal(response)
        if refused:
            return Answer(Outcome.UNKNOWN, reason=refused)
        if cdx.is_index(response) and response.status != 404:
            if not _copies(target, response):
                return Answer(Outcome.NOT_FOUND, reason="no copy is held")
            raise unexpected(response, "copies are held, and none was fetched")
        at = cdx.archived_at(response)
        if at is None:
            if response.status == 404:
                return Answer(Outcome.NOT_FOUND, reason="no copy is held")
            raise unexpected(response, "neither a copy nor word that there is none")
        return _of_copy(target, response, at)

    def _shows(self, target: Target, copy: Response) -> bool:
        try:
            return self.parse(target, copy).embed is not None
        except UnexpectedResponse:
            return False


def _of_copy(target: Target, response: Response, at: datetime) -> Answer:
    """What an archived answer says."""
    when = f"as archived on {at:%Y-%m-%d %H:%M:%S} UTC"
    if response.status in (404, 410):
        return Answer(Outcome.NOT_FOUND, reason=f"not found, {when}")
    if response.status != 200:
        return Answer(Outcome.UNKNOWN, reason=f"answered {response.status}, {when}")
    embed = _read(response)
    if embed is None:
        url = cdx.original_url(response.final_url or response.url)
        return Answer(Outcome.UNKNOWN, reason=f"no post in {url[:200]}, {when}")
    if embed.target != target:
        problem = f"asked for post {target.post_id}, is {embed.target}"
        raise unexpected(response, problem, answered=embed.target.post_id)
    return Answer(Outcome.AVAILABLE, embed, when)


def _beginnings(target: Target, handle: str | None) -> tuple[str, ...]:
    """Scheme, `www.` and the case of the host do not count; a handle does."""
    if handle is None:
        return tuple(f"twitter.com/i/{way}status/{target.post_id}" for way in ("web/", ""))
    return tuple(f"{host}/{handle}/status/{target.post_id}" for host in ("twitter.com", "x.com"))


def _copies(target: Target, answer: Response) -> list[cdx.Row]:
    """The copies of this post and of no longer id, the most telling first."""
    if cdx.refusal(answer) or answer.status == 404:
        return []
    rows, _ = cdx.read(answer)
    return sorted((row for row in rows if _is_of(target, row.original)), key=_how_little)


def _is_of(target: Target, url: str) -> bool:
    found = NETWORK.identify(url)
    return found is not None and found.target == target and found.wrapper is None


def _how_little(row: cdx.Row) -> tuple[bool, int, int, str]:
    """JSON holds all, pages until 2020 the text and pictures, later ones at best a preview.

    Of pages the oldest is nearest to the post as it was; of shells the newest has most.
    """
    is_json = row.media_type == "application/json"
    is_written = row.timestamp < _LAST_WRITTEN_PAGES
    age = int(row.timestamp) if is_json or is_written else -int(row.timestamp)
    return (
        row.status not in ("200", "-"),
        0 if is_json else 1 if is_written else 2,
        age,
        row.original,
    )


def _read(copy: Response) -> Embed | None:
    if not copy.body.lstrip().startswith(b"{"):
        return read_page(copy.body.decode("utf-8", "replace"))
    body = _json.load(copy)
    if not isinstance(body, dict):
        return None
    data, includes = _json.mapping(body, "data"), _json.mapping(body, "includes")
    if not data:
        return embed_of_tweet(body)
    named = NETWORK.identify(cdx.original_url(copy.url))
    if named and named.handle and not includes.get("users"):
        # Many copies of the API's answers lack what was not asked for; their URL names the author.
        author = {"id": data.get("author_id"), "username": named.handle}
        includes = {**includes, "users": [author if author["id"] else {**author, "id": "0"}]}
        data = {"author_id": "0", **data}
    return embed_of_v2(data, includes, _json.items(body, "errors"))


BACKEND = Wayback()
