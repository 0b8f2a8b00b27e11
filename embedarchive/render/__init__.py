"""What the archive holds → pages to read offline: cards, articles with their posts, whole sites."""

from __future__ import annotations

from .article import make_article, render_article
from .card import make_card, make_visits
from .post_page import render_post
from .site import SiteReport, Source, render_site
from .splice import Spliced, restore, splice_article

__all__ = [
    "SiteReport",
    "Source",
    "Spliced",
    "make_article",
    "make_card",
    "make_visits",
    "render_article",
    "render_post",
    "render_site",
    "restore",
    "splice_article",
]
