"""A page of twitter.com or x.com, as archived in any year → the post it is about. Pure.

Until mid 2020 the server wrote the post into the page; since then at best its head tells of it.
The page is somebody's copy: what it says is read, and nothing in it is run or followed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ..models import Embed
from ..networks.x import NETWORK
from ..tokenizer import END, START, TEXT, Token, attributes, decode, tokenize
from ..twitter_text import find_cashtags, find_hashtags, find_mentions
from ._json import Object
from ._x_json import HANDLE, MAX_TEXT, embed_of
from ._x_text import code_of

MAX_PAGE = 3_000_000
"""Characters; pages with hundreds of replies have about 1 000 000."""
_MOST_MEDIA = 20
_MOST_LABEL = 300

_TITLE = re.compile(r"(.{1,200}) \(@([A-Za-z0-9_]{1,20})\) on (?:X|Twitter)", re.DOTALL)
_OLD_TITLE = re.compile(r"(.{1,200}) on Twitter", re.DOTALL)
_LINK = re.compile(r"https?://t\.co/[A-Za-z0-9]{1,32}")
_BACKGROUND = re.compile(r"background-image: ?url\(['\"]?(https://[^'\")\s]{1,1000})")
_STATS = {"reply": "reply_count", "retweet": "retweet_count", "favorite": "favorite_count"}
_THUMBS = ("_thumb/", "/media/")


def read_page(markup: str) -> Embed | None:
    """The post that the page is about; None where it shows none."""
    if len(markup) > MAX_PAGE:
        return None
    page = _Page(markup)
    for token in tokenize(markup):
        if page.is_done:
            break
        page.take(token)
    return embed_of(page.post(), is_escaped=False) or embed_of(page.head(), is_escaped=False)


class _Page:
    """What the tags say, taken one by one."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.is_done = False
        self._meta: dict[str, str] = {}
        self._tweet: Mapping[str, str] | None = None
        self._parts: list[str] | None = None
        self._length = 0
        self._is_in_text = False
        self._lang: str | None = None
        self._links: list[dict[str, object]] = []
        self._link: dict[str, object] | None = None
        self._is_label = False
        self._media: list[dict[str, object]] = []
        self._facts: dict[str, object] = {}
        self._user: dict[str, object] = {}
        self._stat = ""

    def take(self, token: Token) -> None:
        if token.kind == START:
            values = {a.name: a.value for a in reversed([*attributes(self.markup, token)])}
            if self._tweet is None:
                self._take_head(token.name, values)
            else:
                self._take_tweet(token.name, values)
        elif token.kind == END:
            self._close(token.name)
        elif token.kind == TEXT and self._is_in_text:
            self._add(decode(self.markup[token.start : token.end]))

    def _take_head(self, name: str, values: Mapping[str, str]) -> None:
        classes = values.get("class", "").split()
        if name == "meta" and "content" in values:
            key = values.get("property") or values.get("name") or ""
            self._meta.setdefault(key, values["content"])
        elif name == "link" and values.get("rel") == "canonical":
            self._meta.setdefault("canonical", values.get("href", ""))
        elif "permalink-tweet" in classes and values.get("data-tweet-id"):
            # Replies carry the same classes but this one, and come behind it.
            self._tweet = values

    def _take_tweet(self, name: str, values: Mapping[str, str]) -> None:
        classes = set(values.get("class", "").split())
        if self._is_in_text:
            self._open_in_text(name, values, classes)
        elif classes & {"permalink-replies", "js-stream-item", "stream-item"}:
            self.is_done = True
        elif name == "p" and "tweet-text" in classes and "QuoteTweet-text" not in classes:
            self._is_in_text = self._parts is None
            self._parts = self._parts or []
            self._lang = values.get("lang")
        elif "AdaptiveMedia-photoContainer" in classes:
            self._add_media("photo", values.get("data-image-url"))
        elif "PlayableMedia" in classes:
            self._facts["kind"] = "animated_gif" if "PlayableMedia--gif" in classes else "video"
        elif "PlayableMedia-player" in classes:
            found = _BACKGROUND.search(values.get("style", ""))
            self._add_media(str(self._facts.get("kind", "video")), found[1] if found else None)
        elif "QuoteTweet-innerContainer" in classes:
            self._facts["quoted"] = values.get("data-item-id")
        else:
            self._take_small_facts(values, classes)

    def _take_small_facts(self, values: Mapping[str, str], classes: set[str]) -> None:
        if "_timestamp" in classes:
            self._facts.setdefault("ms", values.get("data-time-ms"))
            self._facts.setdefault("s", values.get("data-time"))
        elif "avatar" in classes:
            self._user.setdefault("profile_image_url_https", values.get("src"))
        elif "Icon--verified" in classes and self._parts is None:
            self._user["verified"] = True
        elif "data-tweet-stat-count" in values and self._stat:
            self._facts.setdefault(self._stat, values["data-tweet-stat-count"])
        for word in classes:
            action = word.removeprefix("ProfileTweet-action--")
            self._stat = _STATS.get(action, self._stat) if action != word else self._stat

    def _open_in_text(self, name: str, values: Mapping[str, str], classes: set[str]) -> None:
        if name == "a" and code_of(values.get("href")):
            # The link itself stands for what is shown of it, in pieces.
            start = self._length
            self._link = None
            self._add(values["href"])
            self._link = {
                "url": values["href"],
                "expanded_url": values.get("data-expanded-url") or values.get("title"),
                "display_url": "",
                "indices": [start, self._length],
            }
        elif name == "img" and self._link is None:
            self._add(values.get("alt", ""))
        elif name == "br":
            self._add("\n")
        elif name == "span":
            self._is_label = "js-display-url" in classes

    def _add(self, text: str) -> None:
        if self._link is None:
            assert self._parts is not None
            self._parts.append(text)
            self._length += len(text)
            self.is_done = self._length > MAX_TEXT
        elif len(str(self._link["display_url"])) > _MOST_LABEL:
            return
        elif self._is_label or text.startswith(("pic.twitter.com/", "pic.x.com/")):
            self._link["display_url"] = f"{self._link['display_url']}{text}"

    def _close(self, name: str) -> None:
        if name == "p":
            self._is_in_text = False
        elif name == "a" and self._link is not None:
            self._links.append(self._link)
            self._link = None
        elif name == "span":
            self._is_label = False

    def _add_media(self, kind: str, url: str | None) -> None:
        is_new = all(item["media_url_https"] != url for item in self._media)
        if url and is_new and len(self._media) < _MOST_MEDIA:
            self._media.append({"type": kind, "media_url_https": url})

    def post(self) -> Object:
        """What the page's body says, under the names of syndication; {} where nothing."""
        if self._tweet is None or self._parts is None or self._length > MAX_TEXT:
            return {}
        text = "".join(self._parts)
        shown = [link for link in self._links if _is_media(link)]
        for item in self._media:
            item |= {key: link[key] for link in shown[:1] for key in ("url", "expanded_url")}
        return {
            "id_str": self._tweet["data-tweet-id"],
            "text": text,
            "lang": self._lang,
            "created_at": _moment(self._facts.get("ms"), self._facts.get("s")),
            "entities": {
                "urls": [link for link in self._links if not _is_media(link)],
                "media": shown,
                **_tags(text),
            },
            "mediaDetails": self._media,
            "quoted_tweet": {"id_str": self._facts.get("quoted")},
            "user": {
                "screen_name": self._tweet.get("data-screen-name"),
                "name": self._tweet.get("data-name"),
                "id_str": self._tweet.get("data-user-id"),
                **self._user,
            },
            **{key: self._facts.get(key) for key in _STATS.values()},
        }

    def head(self) -> Object:
        """What the tags for other sites' previews say."""
        meta = self._meta
        named = next(
            (
                found
                for key in ("og:url", "canonical", "al:ios:url", "al:android:url")
                if (found := NETWORK.identify(_web_url(meta.get(key, "")))) and not found.wrapper
            ),
            None,
        )
        title, words = meta.get("og:title", ""), meta.get("og:description")
        new, old = _TITLE.fullmatch(title), _OLD_TITLE.fullmatch(title)
        if named is None or not words or len(words) > MAX_TEXT:
            return {}
        if not new and old and words[:1] + words[-1:] == "“”":
            words = words[1:-1]
        handle = new[2] if new else named.handle
        image = meta.get("og:image", "")
        return {
            "id_str": named.target.post_id,
            "text": words,
            "entities": {
                "urls": [{"url": link} for link in dict.fromkeys(_LINK.findall(words))],
                **_tags(words),
            },
            "user": {
                "screen_name": handle if handle and HANDLE.fullmatch(handle) else None,
                "name": (new or old or {1: None})[1],
                "profile_image_url_https": image if "/profile_images/" in image else None,
            },
            "mediaDetails": list(_preview(image)),
        }


def _tags(words: str) -> Object:
    """The service's own rules say what is linked; the page's links do not always."""
    return {
        key: [{"indices": [item.start, item.end], name: item.value} for item in find(words)]
        for key, name, find in (
            ("user_mentions", "screen_name", find_mentions),
            ("hashtags", "text", find_hashtags),
            ("symbols", "text", find_cashtags),
        )
    }


def _web_url(url: str) -> str:
    return url.replace("twitter://status?id=", "https://twitter.com/i/status/", 1)


def _preview(image: str) -> list[Object]:
    """The post's picture, or a film's poster: the largest size that is named is no other file."""
    if not image.startswith("https://pbs.twimg.com/") or not any(map(image.__contains__, _THUMBS)):
        return []
    kind = "animated_gif" if "tweet_video_thumb" in image else "video"
    url = image.removesuffix(":large")
    return [{"type": "photo" if "/media/" in image else kind, "media_url_https": url}]


def _is_media(link: Mapping[str, object]) -> bool:
    return str(link["display_url"]).startswith(("pic.twitter.com/", "pic.x.com/"))


def _moment(milliseconds: object, seconds: object) -> str | None:
    """ISO 8601 of the first that is a time; the text that people read is in a server's zone."""
    for value, unit in ((milliseconds, 1000), (seconds, 1)):
        digits = str(value or "")
        if digits.isascii() and digits.isdigit() and len(digits) < 15:
            try:
                return datetime.fromtimestamp(int(digits) / unit, UTC).isoformat()
            except (ValueError, OverflowError, OSError):
                continue
    return None
