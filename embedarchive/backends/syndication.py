"""cdn.syndication.twimg.com: what X's own embed script asks. The richest source without a key.

A post's id in, the post or its tombstone out. It is undocumented: all we know of it was observed.
"""

from __future__ import annotations

import math
import re
from urllib.parse import quote

from ..models import Answer, Fetcher, Outcome, Response, Target, unexpected
from . import _json
from ._json import Object
from ._x_json import embed_of

_FEATURES = (
    "tfw_timeline_list:;tfw_follower_count_sunset:true;tfw_tweet_edit_backend:on;"
    "tfw_refsrc_session:on;tfw_fosnr_soft_interventions_enabled:on;"
    "tfw_show_birdwatch_pivots_enabled:on;tfw_show_business_verified_badge:on;"
    "tfw_duplicate_scribes_to_settings:on;tfw_use_profile_image_shape_enabled:on;"
    "tfw_show_blue_verified_badge:on;tfw_legacy_timeline_sunset:true;"
    "tfw_show_gov_verified_badge:on;tfw_show_business_affiliate_badge:on;"
    "tfw_tweet_edit_frontend:on"
)
URL = f"https://cdn.syndication.twimg.com/tweet-result?lang=en&features={quote(_FEATURES)}"
"""English, so that tombstones can be told apart by their words."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_TOMBSTONES = (
    (re.compile(r"was deleted by", re.IGNORECASE), Outcome.DELETED),
    (re.compile(r"suspended account|account (?:is|has been) suspended", re.I), Outcome.SUSPENDED),
    (re.compile(r"limits who can (?:view|see)|protected", re.IGNORECASE), Outcome.PROTECTED),
    (re.compile(r"account (?:that )?no longer exists", re.IGNORECASE), Outcome.ACCOUNT_GONE),
    (re.compile(r"\bwithheld\b", re.IGNORECASE), Outcome.WITHHELD),
    (re.compile(r"violated|violating", re.IGNORECASE), Outcome.REMOVED),
    (
        re.compile(r"age-restricted|under 18|log in to|subscribers", re.IGNORECASE),
        Outcome.RESTRICTED,
    ),
)
"""English words of tombstones, of "Tweet" (to 2023) and of "Post"; anything else is UNAVAILABLE."""


class Syndication:
    """https://cdn.syndication.twimg.com/tweet-result"""

    name = "syndication"
    networks = frozenset({"x"})
    is_whole = False
    is_archive = False

    def ask(self, target: Target, handle: str | None, fetch: Fetcher) -> Response:
        """Ask by id; raises UpstreamError."""
        return fetch.get(URL, params={"id": target.post_id, "token": token(target.post_id)})

    def parse(self, target: Target, response: Response) -> Answer:
        """Read an answer; raises UnexpectedResponse for what is none, or is about another post.

        200 with the post or a tombstone; 404 for an id that never was (and some long deleted);
        `{}` without a token or when throttled, which says nothing.
        """
        if response.status == 404:
            return Answer(Outcome.NOT_FOUND)
        if response.status != 200:
            raise unexpected(response, "neither a post nor a tombstone")
        body = _json.load(response)
        if body == {}:
            return Answer(Outcome.UNKNOWN, reason="an empty answer")
        if not isinstance(body, dict):
            raise unexpected(response, "not an object")
        if body.get("__typename") == "TweetTombstone":
            return _tombstone(_json.mapping(body, "tombstone"))
        if body.get("__typename") == "TweetWithVisibilityResults":
            body = dict(_json.mapping(body, "tweet"))
        return _post(target, body, response)


def token(post_id: str) -> str:
    """The token that the embed script sends: `((Number(id) / 1e15) * Math.PI).toString(36)`
    without zeros and the dot."""
    return _base36(float(int(post_id)) / 1e15 * math.pi).replace("0", "").replace(".", "")


def _post(target: Target, body: Object, response: Response) -> Answer:
    answered = _json.post_id(body, "id_str")
    if answered != target.post_id:
        problem = f"asked for post {target.post_id}, answered {answered}"
        raise unexpected(response, problem, answered=answered)
    if body.get("user") is None:
        return Answer(
            Outcome.UNAVAILABLE, reason="the answer names no author, as for suspended accounts"
        )
    embed = embed_of(body)
    if embed is None:
        raise unexpected(response, "a post without a text or an author")
    return Answer(Outcome.AVAILABLE, embed)


def _tombstone(tombstone: Object) -> Answer:
    words = _json.text(_json.mapping(tombstone, "text"), "text")
    if words is None:
        # Every wordless one of 951 posts and of 133 refusals was an age restriction.
        return Answer(Outcome.RESTRICTED)
    outcome = next((o for pattern, o in _TOMBSTONES if pattern.search(words)), None)
    return Answer(outcome or Outcome.UNAVAILABLE, reason=words.removesuffix("Learn more").strip())


def _base36(value: float) -> str:
    """`Number.prototype.toString(36)` of a positive number, digit for digit as V8 makes it.

    V8 writes digits until they tell the number from its neighbours, and rounds the last one
    (`DoubleToRadixCString` in V8's numbers/conversions.cc).
    """
    whole = math.floor(value)
    fraction = value - whole
    precision = max(0.5 * (math.nextafter(value, math.inf) - value), math.nextafter(0.0, 1.0))
    digits: list[int] = []
    while fraction >= precision:
        fraction *= 36
        precision *= 36
        digit = int(fraction)
        fraction -= digit
        digits.append(digit)
        is_above_half = fraction > 0.5 or (fraction == 0.5 and digit % 2)
        if is_above_half and fraction + precision > 1:
            whole += _round_up(digits)
            break
    integer = ""
    while whole or not integer:
        whole, digit = divmod(whole, 36)
        integer = _DIGITS[digit] + integer
    return integer + "." + "".join(_DIGITS[digit] for digit in digits)


def _round_up(digits: list[int]) -> int:
    """Add one to the last digit, dropping digits that run over; 1 where the whole number must."""
    while digits:
        if digits[-1] < 35:
            digits[-1] += 1
            return 0
        digits.pop()
    return 1


BACKEND = Syndication()
