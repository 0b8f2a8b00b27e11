"""One post → one file that stands alone, its media inside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from ..models import MediaFile, PostRecord
from .card import make_card, make_visits
from .html import Layout, render_page


def render_post(record: PostRecord, media_content: Callable[[str], bytes]) -> str:
    """The page of one post with its stored media as data URLs; `media_content` is by SHA-256."""

    def inline(file: MediaFile) -> str:
        content = b64encode(media_content(file.sha256)).decode()
        return f"data:{file.content_type};base64,{content}"

    card, visits = make_card(record), make_visits(record.visits)
    return render_page(
        "post.html", Layout(inline), card=card, author=None, visits=visits, places=[]
    )
