"""Directives of light markup: reST's `.. tweet::`, velog's `!twitter[]`, Logseq's `{{tweet}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Kind, Reference
from ..projection import Page
from ._arguments import Arguments, read_claim

_NETWORKS: dict[str, str | None] = {
    "tweet": "x",
    "twitter": "x",
    "tw": "x",
    "x": "x",
    "youtube": "youtube",
    "instagram": "instagram",
    "video": None,
    "oembed": None,
}
_DIRECTIVE = re.compile(
    r"^[ \t]{0,20}\.\. (tweet|twitter|x|youtube|instagram|oembed)::[ \t]{1,5}(\S{1,1500})"
    r"|!(twitter|youtube|instagram)\[([^\[\]\s]{1,300})\]"
    r"|\{\{(?:\[\[)?(tweet|twitter|youtube|video)(?:\]\])?:? {1,3}([^\s{}|]{1,1500})\}\}",
    re.MULTILINE,
)


class Directive:
    name = "directive"
    literals = (
        *(b".. tweet::", b".. twitter::", b".. x::", b".. youtube::", b".. instagram::"),
        b".. oembed::",
        b"!twitter[",
        b"!youtube[",
        b"!instagram[",
        b"{{tw",
        b"{{youtube",
        b"{{vi",
        b"{{[[",
    )
    patterns = (
        r"\.\. (?:tweet|twitter|x|youtube|instagram|oembed)::[ \t]",
        r"!(?:twitter|youtube|instagram)\[",
        r"\{\{(?:\[\[)?(?:tweet|twitter|youtube|video)(?:\]\])?:? ",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a directive that names a post; roles such as `:tw:` name profiles."""
        text = page.document.text
        if not any(mark in text for mark in ("::", "!twitter[", "!youtube[", "!instagram[", "{{")):
            return
        for found in _DIRECTIVE.finditer(text):
            name, value = (group for group in found.groups() if group)
            claimed = read_claim(Arguments((value,), {}), _NETWORKS[name])
            if claimed is None:
                continue
            claim, url = claimed
            start = found.end() - len(found[0].lstrip())
            raw = text[start : found.end()]
            yield Reference(start, found.end(), raw, self.name, Kind.EMBED, claim, url)


FORM = Directive()
