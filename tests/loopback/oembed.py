"""publish.x.com and publish.twitter.com: a post → the oEmbed answer that the service sends."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote, urlencode

from .faults import JSON, html_not_found, redirect
from .world import Asked, Post, Reply, World

_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)/status(?:es)?/([0-9]+)", re.ASCII
)
_LINKS = re.compile(r"https://t\.co/[A-Za-z0-9]+|@(\w{1,15})|#(\w+)")
_FLAGS = ("true", "t", "1")
_SCRIPT = '<script async src="https://platform.{domain}/widgets.js" charset="utf-8"></script>\n\n'


def oembed(world: World, asked: Asked) -> Reply:
    """404 for unknown and deleted posts, 403 for protected ones, 400 for XML."""
    if asked.path != "/oembed":
        return html_not_found()
    if asked.host == "publish.x.com" and world.publish_redirects:
        return redirect(f"https://publish.twitter.com/oembed?{urlencode(asked.query)}")
    if asked.query.get("format", "json") != "json":
        return _error(400, 356, "xml not implemented")
    status = _STATUS.match(asked.query.get("url", ""))
    if status is None:
        return _error(400, 44, "url parameter is invalid")
    if status[2] in world.oembed_bodies:
        return Reply(200, world.oembed_bodies[status[2]], JSON)
    post = world.post(status[2])
    if post is not None and post.gone is not None and "limits who" in post.gone:
        refusal = {
            "error": "Sorry, you are not authorized to see this status.",
            "request": f"/oembed?{urlencode(asked.query)}",
        }
        return Reply(403, json.dumps(refusal).encode(), JSON)
    if post is None or post.gone is not None:
        return _error(404, 34, "Sorry, that page does not exist")
    body = json.dumps(_body(world, post, asked), ensure_ascii=False)
    return Reply(200, body.replace("<", "\\u003C").replace(">", "\\u003E").encode(), JSON)


def _error(status: int, code: int, message: str) -> Reply:
    return Reply(
        status, json.dumps({"errors": [{"message": message, "code": code}]}).encode(), JSON
    )


def _body(world: World, post: Post, asked: Asked) -> dict[str, object]:
    domain = "x.com" if world.speaks_x else "twitter.com"
    author = f"https://{domain}/{post.handle}"
    width = min(max(int(asked.query.get("maxwidth", "550")), 220), 550)
    return {
        "url": f"{author}/status/{post.post_id}",
        "author_name": post.name,
        "author_url": author,
        "html": _markup(world, post, asked, domain),
        "width": width,
        "height": None,
        "type": "rich",
        "cache_age": "3153600000",
        "provider_name": "Twitter",
        "provider_url": f"https://{domain}",
        "version": "1.0",
    }


def _markup(world: World, post: Post, asked: Asked, domain: str) -> str:
    source = "?ref_src=twsrc%5Etfw"
    label = "pic.x.com" if world.speaks_x else "pic.twitter.com"
    text = html.escape(post.text, quote=True)

    def link(match: re.Match[str]) -> str:
        if match[1]:
            return f'<a href="https://{domain}/{match[1]}{source}">{match[0]}</a>'
        if match[2]:
            tag = quote(match[2])
            where = f"https://{domain}/hashtag/{tag}?src=hash&amp;ref_src=twsrc%5Etfw"
            return f'<a href="{where}">{match[0]}</a>'
        return f'<a href="{match[0]}">{match[0]}</a>'

    text = _LINKS.sub(link, text).replace("\n", "<br>")
    if post.media:
        text += f' <a href="https://t.co/{post.code}">{label}/{post.code}</a>'
    direction = "rtl" if post.lang in ("ar", "fa", "he", "iw", "ur") else "ltr"
    wishes = "".join(
        f' data-{name}="{asked.query[name]}"' for name in ("theme", "lang") if asked.query.get(name)
    )
    wishes += ' data-dnt="true"' if asked.query.get("dnt") in _FLAGS else ""
    day = f"{post.created:%B} {post.created.day}, {post.created.year}"
    permalink = f"https://{domain}/{post.handle}/status/{post.post_id}{source}"
    script = "" if asked.query.get("omit_script") in _FLAGS else _SCRIPT.format(domain=domain)
    return (
        f'<blockquote class="twitter-tweet"{wishes}><p lang="{post.lang}" dir="{direction}">'
        f"{text}</p>&mdash; {html.escape(post.name)} (@{post.handle}) "
        f'<a href="{permalink}">{day}</a></blockquote>\n{script}'
    )
