"""Web pages as saved or served."""

from __future__ import annotations

import re

from ._whole import WholeFile

READER = WholeFile(
    "html",
    frozenset({".html", ".htm", ".xhtml", ".shtml"}),
    "text/html",
    frozenset({"application/xhtml+xml"}),
    begins=re.compile(rb"[\s\xef\xbb\xbf]{0,64}<(?:!doctype\s+html|html[\s>])", re.I),
)
