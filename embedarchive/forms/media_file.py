"""A post's picture or video, linked from the service's file hosts: the post itself is not named.

The key of a picture holds its upload, 0 to 13 minutes before the post (6 of 6): its first eight
bytes are the media's snowflake id. Avatars and banners belong to accounts, not to posts.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from ..models import Claim, Kind, Reference
from ..projection import Page
from ..tokenizer import RAWTEXT

_FILE = re.compile(
    r"\.twimg\.com/"
    r"(?:(?<=//pbs\.twimg\.com/)|(?<=//video\.twimg\.com/)|(?<=//p\.twimg\.com/))"
    r"(?:(?:media|tweet_video_thumb|tweet_video)/([A-Za-z0-9_-]{15})(?![A-Za-z0-9_-])"
    r"|(?:ext_tw_video(?:_thumb)?|amplify_video(?:_thumb)?)/([1-9][0-9]{5,18})/)"
    r"[A-Za-z0-9_./?=&;%:-]{0,200}"
)
_SCHEMES = ("https:", "http:")


class MediaFile:
    name = "media_file"
    literals = (b".twimg.com/",)
    patterns = (
        r"twimg\.com/(?:media|tweet_video|tweet_video_thumb|ext_tw_video|ext_tw_video_thumb"
        r"|amplify_video|amplify_video_thumb)/[a-z0-9_-]",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One unresolved embed a file, each file once; its media id is in the flags."""
        text = page.document.text
        seen: set[str] = set()
        done = 0
        if ".twimg.com/" not in text:
            return
        for file in _FILE.finditer(text):
            key = file[1] or file[2]
            start = text.rindex("//", 0, file.start())
            start = next((start - len(s) for s in _SCHEMES if text.endswith(s, done, start)), start)
            is_new = key not in seen and start >= done
            done = file.end()
            if not is_new or _is_data(page, start):
                continue
            seen.add(key)
            media_id = file[2] or _media_id(file[1])
            claim = Claim(flags=(f"media:{key}", f"media-id:{media_id}"))
            url = text[start : file.end()].rstrip(".:;&")
            yield Reference(start, start + len(url), url, self.name, Kind.UNRESOLVED, claim, url)


def _is_data(page: Page, at: int) -> bool:
    """Whether a place lies in a script or style: the page may hold the file and show it nowhere."""
    if page.document.media_type != "text/html":
        return False
    tokens = page.tokens  # none, where the page is one unfinished tag
    return bool(tokens) and tokens[page.markup.token_at(at)].kind == RAWTEXT


def _media_id(key: str) -> str:
    return str(int.from_bytes(urlsafe_b64decode(key + "=")[:8], "big"))


FORM = MediaFile()
