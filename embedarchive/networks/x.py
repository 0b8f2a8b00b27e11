"""X, formerly Twitter: which URLs name a post. Never asks the service; the path decides."""

from __future__ import annotations

import re

from ..models import Kind, PostUrl, Target
from ..patterns import EQUALS, SLASH
from ._urls import UrlParts, parameter, post_number, split

OWN_HOSTS = frozenset(
    prefix + domain
    for domain in ("twitter.com", "x.com")
    for prefix in ("", "www.", "mobile.", "m.")
)
# Front ends and link fixers that keep the service's paths.
_NITTERS = ("net", "poast.org", "privacydev.net", "tiekoetter.com", "it", "cz", "42l.fr", "space")
_FIXERS = ("fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com")
MIRROR_HOSTS = frozenset(
    {f"nitter.{name}" for name in _NITTERS}
    | {prefix + fixer for fixer in _FIXERS for prefix in ("", "www.", "api.", "d.", "c.")}
    | {"xcancel.com", "twiiit.com", "twittpr.com", "pxtwitter.com", "x.is-terrible.xyz"}
    | {"cunnyx.com", "girlcockx.com", "hitlerx.com", "stupidpenisx.com", "mpregx.com", "yiffx.com"}
)
# Hosts whose path names the first post of a thread, or one post of one account.
_READERS = {
    prefix + host: path
    for prefix in ("", "www.", "en.")
    for host, path in (
        ("threadreaderapp.com", "/thread/"),
        ("rattibha.com", "/thread/"),
        ("twitter-thread.com", "/t/"),
        ("unrollthread.com", "/t/"),
        ("thetrumparchive.com", "/tweets/"),
        ("projects.propublica.org", "/politwoops/tweet/"),
    )
}
# Hosts of frames and of answers: the parameter `id` of these paths is the post.
_WIDGET_HOSTS = frozenset(
    {"platform.twitter.com", "platform.x.com", "cdn.syndication.twimg.com", "api.twitter.com"}
)
_WIDGET_PATHS = ("/embed/", "/tweet-result", "/1/statuses/oembed", "/1.1/statuses/oembed")

_ID = r"([1-9][0-9]{0,18})(?![0-9a-z-]|_(?!_;)|%3[0-9])"
"""Digits up to a delimiter; `__;` ends a URL inside urldefense.com's."""
# The server ignores the handle, so a word too long to be one (15 characters) is let through.
_STATUS = re.compile(
    r"/{1,3}(?!i/article/)"
    r"(?:(?:i/web/|(?:@|%40)?([a-z0-9_]{1,20})/{1,2})(?:status|statuses|article)"
    rf"|statuses|i/articles)/{{1,2}}{_ID}",
    re.IGNORECASE | re.ASCII,
)
_MIRRORED = re.compile(r"/@?([a-z0-9_]{1,15})/status/([0-9]{15,19})/?", re.IGNORECASE | re.ASCII)
_HASH_BANG = re.compile(r"/{0,2}(?:%23|#)?!(?=/)", re.IGNORECASE)
_READER_ID = re.compile(rf"{_ID}(?:\.html)?/?.*", re.IGNORECASE | re.ASCII | re.DOTALL)
_INTENT = re.compile(r"/+intent/(?:like|favorite|retweet|tweet|post|follow)/?", re.IGNORECASE)
# `i/article/` numbers the article; `USER/article/` and `i/articles/` the post that carries it.
_OBJECT = re.compile(
    r"/{1,2}i/(moment|event|space|broadcast|article)s?/[a-z0-9]+/?", re.IGNORECASE | re.ASCII
)
# Inside a widget every link says which post the widget showed; after `buttonembed` or
# `embeddedtimeline` the word is no id.
_TWTERM = re.compile(
    r"(?:^|&|amp;)ref_src=twsrc(?:%5e|\^)[a-z]{1,20}(?:%7c|\|)twcamp(?:%5e|\^)tweetembed"
    rf"(?:%7c|\|)twterm(?:%5e|\^){_ID}",
    re.IGNORECASE | re.ASCII,
)
_NO_HANDLES = frozenset({"i", "web", "_", "status", "statuses", "anyuser"})


class X:
    """https://x.com"""

    name = "x"
    any_host = True
    hosts = OWN_HOSTS | MIRROR_HOSTS | _READERS.keys() | _WIDGET_HOSTS
    literals = (
        *(b"/status", b"2fstatus", b"/article/1", b"/article/2", b"/articles/", b"tweetembed"),
        *(b"tweet_id=", b"in_reply_to=", b".com/thread/", b"thread.com/t/"),
        *(b"archive.com/tweets/", b"embed/tweet.html", b"/embed/index.html", b"tweet-result"),
        b"politwoops/tweet/",
    )
    patterns = (
        rf"status(?:es)?{SLASH}[\s>]{{0,20}}[1-9]",  # an address in brackets may be broken here
        rf"articles?{SLASH}[12][0-9]{{14}}",
        *(r"tweetembed", rf"(?:tweet_id|in_reply_to){EQUALS}[1-9]"),
        rf"(?:readerapp|rattibha)\.com{SLASH}thread{SLASH}[1-9]",
        rf"thread\.com{SLASH}t{SLASH}[1-9]",
        *(rf"archive\.com{SLASH}tweets{SLASH}[1-9]", rf"politwoops{SLASH}tweet{SLASH}[1-9]"),
        *(rf"embed{SLASH}(?:tweet|index)\.html", r"tweet-result"),
    )

    def identify(self, url: str) -> PostUrl | None:
        """The post of a URL of the service, its mirrors and its readers."""
        parts = split(url)
        if parts is None:
            return None
        if parts.host in OWN_HOSTS:
            return _status(parts) or _intent(parts) or _twterm(parts) or _behind_login(parts)
        if parts.host in MIRROR_HOSTS:
            return _status(parts, wrapper="mirror")
        if parts.host in _READERS:
            return _reader(parts)
        if parts.host in _WIDGET_HOSTS:
            return _widget(parts)
        return _unknown_mirror(parts)

    def canonical_url(self, post_id: str, handle: str | None = None) -> str:
        """The post's address; the service ignores the handle in it."""
        return f"https://x.com/{handle or 'i'}/status/{post_id}"

    def identify_object(self, url: str) -> str | None:
        """What else the URL names: `moment`, `event`, `space`, `broadcast` or `article`."""
        parts = split(url)
        if parts is None or parts.host not in OWN_HOSTS:
            return None
        match = _OBJECT.fullmatch(parts.path)
        return match[1].lower() if match else None


def _post(
    digits: str | None, handle: str | None = None, wrapper: str | None = None
) -> PostUrl | None:
    post_id = post_number(digits)
    if post_id is None:
        return None
    if handle is not None and (len(handle) > 15 or handle.lower() in _NO_HANDLES):
        handle = None
    kind = Kind.EMBED if wrapper == "embed" else Kind.LINK
    return PostUrl(Target("x", post_id), handle, kind, wrapper)


def _status(parts: UrlParts, wrapper: str | None = None) -> PostUrl | None:
    path = parts.path
    if parts.fragment.startswith("!/") and path in ("", "/"):  # 2010-2012: /#!/user/status/1
        path = parts.fragment[1:]
    elif match := _HASH_BANG.match(path):
        path = path[match.end() :]
    match = _STATUS.match(path)
    return _post(match[2], match[1], wrapper) if match else None


def _intent(parts: UrlParts) -> PostUrl | None:
    if not _INTENT.fullmatch(parts.path):
        return None
    digits = parameter(parts.query, "tweet_id") or parameter(parts.query, "in_reply_to")
    return _post(digits, wrapper="intent")


def _twterm(parts: UrlParts) -> PostUrl | None:
    # The linked account is not always the author: mentions carry the same word.
    match = _TWTERM.search(parts.query)
    return _post(match[1], wrapper="twterm") if match else None


def _behind_login(parts: UrlParts) -> PostUrl | None:
    # What is left of a post's address where a crawler was sent to the login page.
    path = parameter(parts.query, "redirect_after_login") if "login" in parts.path else None
    match = _STATUS.match(path) if path else None
    return _post(match[2], match[1], "redirect") if match else None


def _reader(parts: UrlParts) -> PostUrl | None:
    prefix = _READERS[parts.host]
    match = _READER_ID.fullmatch(parts.path.removeprefix(prefix))
    if match is None or not parts.path.startswith(prefix):
        return None
    return _post(match[1], wrapper="thread")


def _widget(parts: UrlParts) -> PostUrl | None:
    if not parts.path.startswith(_WIDGET_PATHS):
        return None
    return _post(parameter(parts.query, "id"), wrapper="embed")


def _unknown_mirror(parts: UrlParts) -> PostUrl | None:
    match = _MIRRORED.fullmatch(parts.path)
    # Mirrors come and go, so any host may be one; but not one that pretends to be the service.
    if match is None or any(f".{own}." in f".{parts.host}." for own in ("twitter.com", "x.com")):
        return None
    return _post(match[2], match[1], wrapper="mirror")


NETWORK = X()
