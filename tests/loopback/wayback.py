"""web.archive.org: its index (CDX) and the copies themselves, with what is odd about them."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from .api_v2 import api_body
from .faults import HTML, JSON, html_not_found, redirect
from .syndication import tweet
from .world import Asked, Copy, Post, Reply, World

_MEMENTO = re.compile(r"/web/([0-9]{1,14})([a-z]{2}_)?/(.+)", re.DOTALL)
_TEXT = {"content-type": "text/plain;charset=UTF-8"}
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_BLOCKED = (
    "org.archive.util.io.RuntimeIOException: "
    "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
)


def wayback(world: World, asked: Asked) -> Reply:
    """The index at /cdx/search/cdx, copies at /web/TIME/URL."""
    if asked.path == "/cdx/search/cdx":
        return _index(world, asked)
    match = _MEMENTO.fullmatch(asked.path)
    if match is None:
        return html_not_found()
    url = match[3] + (f"?{urlencode(asked.query)}" if asked.query else "")
    return _copy(world, match[1], match[2] or "", url)


def archive(
    world: World, post: Post, kind: str = "json", *, at: str = "20230105120000", url: str = ""
) -> Copy:
    """Have the archive hold a copy of the post as it is.

    `kind`: `json` (API 1.1), `v2`, `page` (written by the server, until 2020), `shell` (with a
    preview), `empty` (a shell without), `missing` (an archived 404).
    """
    url = url or f"https://twitter.com/{post.handle}/status/{post.post_id}"
    replies = {
        "json": lambda: Reply(200, json.dumps(_tweet(world, post)).encode(), JSON),
        "v2": lambda: Reply(200, json.dumps(_one(world, post)).encode(), JSON),
        "page": lambda: Reply(200, page(world, post).encode(), HTML),
        "shell": lambda: Reply(200, shell(post).encode(), HTML),
        "empty": lambda: Reply(200, b"<!DOCTYPE html><h1>JavaScript is not available.</h1>", HTML),
        "missing": html_not_found,
    }
    copy = Copy(at, url, replies[kind]())
    world.copies.append(copy)
    return copy


def _tweet(world: World, post: Post) -> dict[str, object]:
    """The post as API 1.1 told it."""
    told = tweet(world, post, is_inner=True)
    quoted = world.post(post.quote)
    body = {
        "id_str": post.post_id,
        "full_text": told["text"],
        "display_text_range": told["display_text_range"],
        "created_at": post.created.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "entities": told["entities"],
        "user": told["user"],
        "lang": post.lang,
        "favorite_count": post.likes,
        "retweet_count": 3,
    }
    if post.media:
        body["extended_entities"] = {"media": told["mediaDetails"]}
    if quoted:
        body["quoted_status"] = _tweet(world, quoted)
        body["quoted_status_id_str"] = quoted.post_id
    return body


def _one(world: World, post: Post) -> dict[str, object]:
    body = api_body(world, [post.post_id])
    return {**body, "data": body["data"][0]}


def page(world: World, post: Post) -> str:
    """The page as the server wrote it until mid 2020, a reply below."""

    def link(match: re.Match[str]) -> str:
        target = html.escape(world.codes.get(match[1], "https://example.org/"))
        return (
            f'<a href="https://t.co/{match[1]}" class="twitter-timeline-link" '
            f'data-expanded-url="{target}"><span class="tco-ellipsis"></span>'
            f'<span class="invisible">https://</span><span class="js-display-url">'
            f'{target.split("://")[1][:26]}</span><span class="invisible"></span></a>'
        )

    words = re.sub(r"https://t\.co/(\w+)", link, html.escape(post.text))
    words = re.sub(
        r"([@#])(\w+)", r'<a class="twitter-atreply" href="/\2"><s>\1</s><b>\2</b></a>', words
    )
    media = ""
    if post.media:
        words += (
            f'<a href="https://t.co/{post.code}" class="twitter-timeline-link u-hidden" '
            f'data-pre-embedded="true" dir="ltr">pic.twitter.com/{post.code}</a>'
        )
        media = "".join(
            '<div class="AdaptiveMedia-photoContainer js-adaptive-photo" '
            f'data-image-url="https://pbs.twimg.com/media/{picture.key}.jpg"><img></div>'
            for picture in post.media
        )
    name, moment = html.escape(post.name), int(post.created.timestamp())
    return f"""<!DOCTYPE html><html lang="en"><head><title>{name} on Twitter</title>
<link rel="canonical" href="https://twitter.com/{post.handle}/status/{post.post_id}">
<meta property="og:title" content="{name} on Twitter">
<meta property="og:description" content="“{html.escape(post.text)}”"></head><body>
<div class="permalink-inner permalink-tweet-container"><div class="tweet permalink-tweet
 js-original-tweet" data-tweet-id="{post.post_id}" data-screen-name="{post.handle}"
 data-name="{name}" data-user-id="7"><img class="avatar js-action-profile-avatar"
 src="https://pbs.twimg.com/profile_images/1/{post.handle}_bigger.jpg"><small class="time">
<span class="_timestamp js-short-timestamp" data-time="{moment}" data-time-ms="{moment}000">
1 Aug 2013</span></small><div class="js-tweet-text-container">
<p class="TweetTextSize js-tweet-text tweet-text" lang="{post.lang}">{words}</p></div>{media}
<span class="ProfileTweet-action--retweet u-hiddenVisually"><span data-tweet-stat-count="3"></span>
</span><span class="ProfileTweet-action--favorite u-hiddenVisually"><span
 data-tweet-stat-count="{post.likes}"></span></span></div></div>
<div class="permalink-replies"><li class="js-stream-item"><div class="tweet"
 data-tweet-id="1" data-screen-name="somebody"><p class="js-tweet-text tweet-text">A reply</p>
</div></li></div></body></html>"""


def shell(post: Post) -> str:
    """The page as crawlers get it since 2020: an empty body, and tags for previews."""
    words = f"{post.text} https://t.co/{post.code}" if post.media else post.text
    image = (
        f"media/{post.media[0].key}.jpg:large" if post.media else "profile_images/1/a_200x200.jpg"
    )
    return f"""<!DOCTYPE html><html dir="ltr" lang="en"><head><meta charset="utf-8" />
<meta content="https://twitter.com/{post.handle}/status/{post.post_id}" property="og:url" />
<meta content="{html.escape(post.name)} (@{post.handle}) on X" property="og:title" />
<meta content="{html.escape(words)}" property="og:description" />
<meta content="https://pbs.twimg.com/{image}" property="og:image" />
</head><body><div id="react-root"></div></body></html>"""


# --- the index -----------------------------------------------------------------------------------


def _key(url: str) -> str:
    """The URL as the index sorts it: host reversed, scheme and `www.` dropped, lower case."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = parts.netloc.lower().removeprefix("www.").partition(":")[0]
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}){parts.path.lower()}{query}"


def _index(world: World, asked: Asked) -> Reply:
    """Text or JSON, `prefix` and exact, `fl`, one `filter`, `collapse=urlkey`, resume keys."""
    query = asked.query
    wanted = query.get("url", "")
    is_prefix = query.get("matchType") == "prefix" or wanted.endswith("*")
    wanted = wanted.removesuffix("*")
    if urlsplit(f"http://{wanted.partition('://')[2] or wanted}").netloc in world.blocked:
        return Reply(403, _BLOCKED.encode(), {**_TEXT, "X-Archive-Wayback-Runtime-Error": _BLOCKED})
    key = _key(wanted)
    rows = [_row(copy) for copy in world.copies]
    rows = sorted(row for row in rows if row[0] == key or (is_prefix and row[0].startswith(key)))
    if name_and_pattern := query.get("filter"):
        rows = [row for row in rows if _fits(row, name_and_pattern)]
    if query.get("collapse") == "urlkey":
        rows = [row for at, row in enumerate(rows) if at == 0 or row[0] != rows[at - 1][0]]
    start = int(query.get("resumeKey") or 0)
    limit = int(query.get("limit") or 150_000)
    resume = str(start + limit) if len(rows) > start + limit else ""
    names = [name for name in query.get("fl", ",".join(_FIELDS)).split(",") if name in _FIELDS]
    shown = [[row[_FIELDS.index(name)] for name in names] for row in rows[start : start + limit]]
    has_key = query.get("showResumeKey") == "true" and resume
    if query.get("output") == "json":
        table: list[object] = [names, *shown] if shown else []
        table += [[], [resume]] if has_key else []
        return Reply(200, json.dumps(table).encode(), JSON)
    lines = [" ".join(row) for row in shown] + (["", resume] if has_key else [])
    return Reply(200, "".join(f"{line}\n" for line in lines).encode(), _TEXT)


def _row(copy: Copy) -> tuple[str, ...]:
    kind = copy.reply.headers.get("content-type", "unk").partition(";")[0]
    return (
        *(_key(copy.url), copy.timestamp, copy.url, kind, str(copy.reply.status)),
        *("A" * 32, str(len(copy.reply.body))),
    )


def _fits(row: tuple[str, ...], name_and_pattern: str) -> bool:
    is_not = name_and_pattern.startswith("!")
    name, _, pattern = name_and_pattern.lstrip("!").partition(":")
    return bool(re.fullmatch(pattern, row[_FIELDS.index(name)])) != is_not


# --- copies --------------------------------------------------------------------------------------


def _copy(world: World, timestamp: str, flag: str, url: str) -> Reply:
    """The closest copy: a redirect unless it is of that second. None: 404 without a date."""
    if urlsplit(url).netloc in world.blocked:
        return Reply(200, b"<!DOCTYPE html><h1>Sorry.</h1><p>This URL is excluded.</p>", HTML)
    copies = [copy for copy in world.copies if _key(copy.url) == _key(url)]
    if not copies:
        return html_not_found()
    wanted = int(timestamp.ljust(14, "0"))
    closest = min(copies, key=lambda copy: abs(int(copy.timestamp) - wanted))
    if closest.timestamp != timestamp:
        found = redirect(f"https://web.archive.org/web/{closest.timestamp}{flag}/{closest.url}")
        words = f"found capture at {closest.timestamp}"
        return Reply(302, b"", {**found.headers, "x-archive-redirect-reason": words})
    moment = datetime.strptime(closest.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    headers = {
        **closest.reply.headers,
        "Memento-Datetime": moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Link": f'<{closest.url}>; rel="original"',
    }
    return Reply(closest.reply.status, closest.reply.body, headers)
