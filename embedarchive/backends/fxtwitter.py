"""api.fxtwitter.com: a third party that reads X for others. Whole long texts, polls, alt texts.

A post's id in, the post out, or why it is not shown. Off by default: it learns what is asked for.
"""

from __future__ import annotations

from ..errors import UnexpectedResponse
from ..models import Answer, Fetcher, Outcome, Response, Target, unexpected
from . import _json
from ._fx_status import embed_of_status, status_id

URL = "https://api.fxtwitter.com/2/status/"


class FxTwitter:
    """https://api.fxtwitter.com"""

    name = "fxtwitter"
    networks = frozenset({"x"})
    is_whole = True
    is_archive = False

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask by id; raises UpstreamError. The handle is not needed."""
        return fetch.get(URL + target.post_id)

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer of version 1 or 2; raises UnexpectedResponse for what is none.

        401 is a protected account; 404 is anything else that is not shown, and no proof.
        """
        if response.status == 401 and _message(response) == "PRIVATE_TWEET":
            return Answer(Outcome.PROTECTED, reason="PRIVATE_TWEET")
        if response.status == 404:
            words = _message(response)
            is_suspended = words == "SUSPENDED"
            return Answer(Outcome.SUSPENDED if is_suspended else Outcome.NOT_FOUND, reason=words)
        if response.status != 200:
            raise unexpected(response, _message(response) or "no answer of FxTwitter")
        body = _json.load(response)
        if not isinstance(body, dict):
            raise unexpected(response, "not an object")
        status = _json.mapping(body, "status") or _json.mapping(body, "tweet")
        answered = status_id(status)
        if answered != target.post_id:
            problem = f"asked for post {target.post_id}, answered {answered}"
            raise unexpected(response, problem, answered=answered)
        embed = embed_of_status(status)
        if embed is None:
            raise unexpected(response, "a post without a text or an author")
        return Answer(Outcome.AVAILABLE, embed)


def _message(response: Response) -> str | None:
    try:
        body = _json.load(response)
    except UnexpectedResponse:
        return None
    return _json.text(body, "message") if isinstance(body, dict) else None


BACKEND = FxTwitter()
