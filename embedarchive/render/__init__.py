"""What the archive holds → pages to read offline: cards, articles with their posts, whole sites."""

from __future__ import annotations

from .article import make_article, render_article
from .card import make_card, make_visits
from .editions import EditionReport, render_edition
from .faces import FACES
from .post_page import render_post
from .single import render_single
from .site import SiteReport, Source, render_site
from .splice import Spliced, splice_html, splice_markdown

__all__ = [
    "FACES",
    "EditionReport",
    "SiteReport",
    "Source",
    "Spliced",
    "make_article",
    "make_card",
    "make_visits",
    "render_article",
    "render_edition",
    "render_post",
    "render_single",
    "render_site",
    "splice_html",
    "splice_markdown",
]
