"""Text and its entities → HTML in the shape of the conformance cases. Pure.

The text is the service's own, in which `&`, `<` and `>` are escaped already; it is not escaped
again. Never give it a text from elsewhere: what is no entity goes out as it came in.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .entities import TextEntity

_HIDDEN = "style='position:absolute;left:-9999px;'"
_SPACER = f"<span {_HIDDEN}>&nbsp;</span>"


class UrlLabel(NamedTuple):
    """What the service's entity list says of a short link."""

    expanded: str
    display: str


def autolink(
    text: str, entities: Iterable[TextEntity], labels: Mapping[str, UrlLabel] | None = None
) -> str:
    """The text with a link for each entity; `labels` says for short links what to show.

    The entities are in order and do not overlap, as `extract_entities` gives them.
    """
    parts, position = [], 0
    for entity in entities:
        parts.append(text[position : entity.start])
        parts.append(_link(text[entity.start], entity, (labels or {}).get(entity.value)))
        position = entity.end
    return "".join([*parts, text[position:]])


def _link(sign: str, entity: TextEntity, label: UrlLabel | None) -> str:
    """`sign` is the entity's first character, which may be a full-width one."""
    value = html.escape(entity.value)
    if entity.type == "url":
        if label is None:
            return f'<a href="{value}">{value}</a>'
        title = html.escape(label.expanded)
        return f'<a href="{value}" title="{title}">{_url_text(label)}</a>'
    if entity.type in ("mention", "list"):
        kind = "username" if entity.type == "mention" else "list-slug"
        return f'{sign}<a class="tweet-url {kind}" href="https://twitter.com/{value}">{value}</a>'
    plain, code = ("#", "%23") if entity.type == "hashtag" else ("$", "%24")
    kind = entity.type + (" rtl" if _is_right_to_left(entity.value) else "")
    return (
        f'<a href="https://twitter.com/search?q={code}{value}" title="{plain}{value}"'
        f' class="tweet-url {kind}">{sign}{value}</a>'
    )


def _url_text(label: UrlLabel) -> str:
    """The display URL, with the rest of the expanded one around it, hidden, for copying."""
    shown = label.display.replace("…", "")
    before, found, after = label.expanded.partition(shown)
    if not found:
        return html.escape(label.display)
    lead = "…" if label.display.startswith("…") else ""
    tail = "…" if label.display.endswith("…") else ""
    return (
        f"<span class='tco-ellipsis'>{lead}{_SPACER}</span>"
        f"<span {_HIDDEN}>{html.escape(before)}</span>"
        f"<span class='js-display-url'>{html.escape(shown)}</span>"
        f"<span {_HIDDEN}>{html.escape(after)}</span>"
        f"<span class='tco-ellipsis'>{_SPACER}{tail}</span>"
    )


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
