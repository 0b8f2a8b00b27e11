"""Which elements and attributes of a foreign page may be shown. Names alone; decides nothing."""

from __future__ import annotations

_BLOCK_NAMES = """
    address article blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6
    header hgroup li ol pre section summary table tbody td tfoot th thead tr ul
"""
_INLINE_NAMES = """
    a abbr b bdi bdo cite code data del dfn em i ins kbd mark p q rp rt ruby s samp small span
    strong sub sup time u var
"""
_HIDDEN_NAMES = """
    applet audio button canvas dialog embed frameset head iframe map math noembed noframes noscript
    object script select style svg template textarea title video
"""

BLOCKS = frozenset(_BLOCK_NAMES.split())
INLINE = frozenset(_INLINE_NAMES.split())
REOPENED = INLINE | {"pre"}
"""Closed before a card and opened again behind it, for it may not lie in one; `p` is of these."""
VOID = frozenset({"br", "hr", "wbr"})
RENAMED = {"main": "div", "center": "div", "strike": "s", "tt": "code", "article": "section"}

ENDED_BY = {
    **dict.fromkeys(("p", *BLOCKS), frozenset({"p"})),
    "li": frozenset({"p", "li"}),
    "dt": frozenset({"p", "dt", "dd"}),
    "dd": frozenset({"p", "dt", "dd"}),
    "td": frozenset({"p", "td", "th"}),
    "th": frozenset({"p", "td", "th"}),
    "tr": frozenset({"p", "td", "th", "tr"}),
}
"""What an element ends that was left open right before it: authors may leave those end tags out."""

HIDDEN = frozenset(_HIDDEN_NAMES.split())
"""Left out with all that they hold."""
FURNITURE = {"nav": "Navigation", "footer": "Foot of the page", "aside": "Beside the article"}
"""Folded away under these words, unless a post or the headline lies in it."""

EVERYWHERE = frozenset({"lang", "dir", "title", "id", "name"})
"""No `class` and no `style`: an article must not be able to look like a card of ours."""
ATTRIBUTES = {
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "time": {"datetime"},
}


def output_name(name: str) -> str | None:
    """What an element is called on our page; None where only its content is shown."""
    name = RENAMED.get(name, name)
    return name if name in BLOCKS or name in INLINE or name in VOID else None
