"""publish.x.com: X's documented oEmbed. Text, author and day; no pictures, no counts.

A post's id in, the post out, or word that it is not shown. Both of its hosts are asked, since each
has at times been only a redirect to the other (2023 to 2024, and since June 2026).
"""

from __future__ import annotations

from .. import snowflake
from ..errors import DeadlineExceeded, ServerFailure, UnexpectedResponse, Unreachable
from ..flattened.dates import parse_date
from ..models import Answer, Author, Embed, Fetcher, Outcome, Response, Target, unexpected
from ..networks.x import NETWORK
from . import _json
from ._blockquote import Blockquote, read_blockquote
from ._json import Object
from ._x_json import HANDLE, language

_HOSTS = ("publish.x.com", "publish.twitter.com")

_STATUSES = {404: Outcome.NOT_FOUND, 403: Outcome.PROTECTED}
_CODES = {63: Outcome.SUSPENDED, 179: Outcome.PROTECTED}
"""Codes of X's error lists that say more than the status."""


class OEmbed:
    """https://publish.x.com/oembed"""

    name = "oembed"
    networks = frozenset({"x"})
    is_whole = False
    is_archive = False

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask publish.x.com, and publish.twitter.com where that cannot be reached.

        The handle is not needed: the service finds the post by its id. Raises UpstreamError.
        """
        params = {
            "url": NETWORK.canonical_url(target.post_id, handle),
            "omit_script": "1",
            "dnt": "true",
        }
        first, second = (f"https://{host}/oembed" for host in _HOSTS)
        try:
            return fetch.get(first, params=params)
        except (Unreachable, DeadlineExceeded, ServerFailure):
            return fetch.get(second, params=params)

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer; raises UnexpectedResponse for what is none, or is about another post.

        404, as JSON or as a page: not found. 403 in the service's own JSON: protected (a suspended
        account looks the same); any other 403 is a wall in front of the service, and no answer.
        """
        if response.status != 200:
            code, words = _error(response)
            outcome = _STATUSES.get(response.status)
            if response.status == 404 or (outcome and words):
                return Answer(_CODES.get(code or 0, outcome or Outcome.NOT_FOUND), reason=words)
            raise unexpected(response, words or "no oEmbed answer")
        body = _json.load(response)
        if not isinstance(body, dict) or not isinstance(body.get("html"), str):
            raise unexpected(response, "not an oEmbed answer")
        return _post(target, body, response)


def _post(target: Target, body: Object, response: Response) -> Answer:
    found = read_blockquote(str(body["html"]))
    if found is None:
        raise unexpected(response, "no embedded post in the markup")
    for url in (found.permalink, _json.text(body, "url")):
        named = NETWORK.identify(url) if url else None
        if url and (named is None or named.target.post_id != target.post_id):
            problem = f"asked for post {target.post_id}, answered {url[:100]}"
            raise unexpected(response, problem, answered=named.target.post_id if named else None)
    author = _author(body, found)
    if author is None or found.permalink is None:
        raise unexpected(response, "a post without an author or a link to it")
    return Answer(Outcome.AVAILABLE, _embed(target, author, found))


def _embed(target: Target, author: Author, found: Blockquote) -> Embed:
    printed = _json.moment({"at": found.datetime}, "at")
    made = printed or snowflake.created_at(target.post_id)
    codes = (entity.code for entity in found.entities if entity.code)
    text = found.text.rstrip()
    return Embed(
        target=target,
        author=author,
        text=text,
        entities=tuple(entity for entity in found.entities if entity.end <= len(text)),
        created_at=made,
        created_on=parse_date(found.printed_date[:100]) or (made.date() if made else None),
        lang=language(found.lang),
        direction=found.direction if found.direction in ("ltr", "rtl") else None,
        reply_to_id=_json.post_id({"id": found.in_reply_to}, "id"),
        codes=tuple(dict.fromkeys(codes)),
    )


def _author(body: Object, found: Blockquote) -> Author | None:
    """The author of the permalink; for a repost, `author_name` is who reposted."""
    named = NETWORK.identify(found.permalink or "")
    profile = (_json.web_url(body, "author_url") or "").rstrip("/").rpartition("/")[2]
    handle = (named.handle if named else None) or profile
    is_same = handle.lower() == profile.lower()
    name = _json.text(body, "author_name") if is_same else found.name(handle)
    return Author(handle, name or handle) if HANDLE.fullmatch(handle) else None


def _error(response: Response) -> tuple[int | None, str | None]:
    """Code and words of `{"errors": [{code, message}]}` or `{"error": "...", "request": "..."}`."""
    try:
        body = _json.load(response)
    except UnexpectedResponse:
        return None, None
    if not isinstance(body, dict):
        return None, None
    first = next(_json.items(body, "errors"), {})
    return _json.number(first, "code"), _json.text(first, "message") or _json.text(body, "error")


BACKEND = OEmbed()
