"""api.x.com: X's paid API v2. Needs a bearer token, which only `net` knows.

A post's id in, the post out, or why it is not shown: X reports that beside a 200. Off by default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import UnexpectedResponse
from ..models import Answer, Fetcher, Outcome, Response, Target, unexpected
from . import _json
from ._json import Object
from ._x_parts import part_of
from ._x_v2 import embed_of_v2

URL = "https://api.x.com/2/tweets"

_FIELDS = {
    "tweet.fields": "attachments,author_id,conversation_id,created_at,edit_controls,"
    "edit_history_tweet_ids,entities,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,"
    "public_metrics,referenced_tweets,source,withheld",
    "expansions": "author_id,attachments.media_keys,attachments.poll_ids,in_reply_to_user_id,"
    "referenced_tweets.id,referenced_tweets.id.author_id",
    "media.fields": "alt_text,duration_ms,height,media_key,preview_image_url,type,url,variants,"
    "width",
    "user.fields": "name,username,profile_image_url,verified,verified_type,protected",
    "poll.fields": "options,end_datetime,voting_status,duration_minutes",
}
_PROBLEMS = {
    "resource-not-found": Outcome.NOT_FOUND,
    "not-authorized-for-resource": Outcome.PROTECTED,
}
"""Ends of `https://api.x.com/2/problems/...` that speak of the post; others speak of us."""


class ApiV2:
    """https://api.x.com/2/tweets"""

    name = "api_v2"
    networks = frozenset({"x"})
    is_whole = True
    is_archive = False
    most_at_once = 100

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask by id; raises UpstreamError.

        The list of one is asked for and not the post itself: X allows eight times as many.
        """
        return fetch.get(URL, params={"ids": target.post_id, **_FIELDS})

    def ask_many(self, targets: Sequence[Target], fetch: Fetcher) -> Mapping[Target, Response]:
        """Ask once for up to 100 posts: for each the part of the answer that is about it.

        A part is what the answer to a question for that post alone would be, so that the post can
        be taken down without the others. The digest of the bytes as they came is in its headers.
        Raises UpstreamError.
        """
        ids = ",".join(target.post_id for target in targets)
        whole = fetch.get(URL, params={"ids": ids, **_FIELDS})
        return {target: part_of(whole, target) for target in targets}

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer about one post or many; raises UnexpectedResponse for what is none.

        A post that X does not show is named in `errors`: deleted and suspended look the same.
        """
        if response.status == 404:
            return Answer(Outcome.NOT_FOUND, reason=_words(response))
        if response.status == 401:
            raise unexpected(response, "the bearer token is missing or not valid: see auth_file")
        if response.status != 200:
            raise unexpected(response, _words(response) or "no answer of the API")
        body = _json.load(response)
        if not isinstance(body, dict):
            raise unexpected(response, "not an object")
        for post in _posts(body):
            if _json.post_id(post, "id") == target.post_id:
                errors = _json.items(body, "errors")
                embed = embed_of_v2(post, _json.mapping(body, "includes"), errors)
                if embed is None:
                    raise unexpected(response, "a post without a text or an author")
                return Answer(Outcome.AVAILABLE, embed)
        for problem in _json.items(body, "errors"):
            if target.post_id in (problem.get("resource_id"), problem.get("value")):
                return _refusal(problem, response)
        others = (_json.post_id(post, "id") for post in _posts(body))
        words = f"says nothing of post {target.post_id}"
        raise unexpected(response, words, answered=next(others, None))


def _posts(body: Object) -> list[Object]:
    one = _json.mapping(body, "data")
    return [one] if one else list(_json.items(body, "data"))


def _refusal(problem: Object, response: Response) -> Answer:
    words = _json.text(problem, "detail") or _json.text(problem, "title")
    outcome = _PROBLEMS.get((_json.text(problem, "type") or "").rpartition("/")[2])
    if outcome is None:
        raise unexpected(response, words or "an error of the API")
    if "suspended" in (words or "").lower():
        outcome = Outcome.SUSPENDED
    return Answer(outcome, reason=words)


def _words(response: Response) -> str | None:
    """What an error's body says (RFC 7807)."""
    try:
        body = _json.load(response)
    except UnexpectedResponse:
        return None
    if not isinstance(body, dict):
        return None
    first = next(_json.items(body, "errors"), {})
    return (
        _json.text(body, "detail")
        or _json.text(first, "detail")
        or _json.text(first, "message")
        or _json.text(body, "title")
    )


BACKEND = ApiV2()
