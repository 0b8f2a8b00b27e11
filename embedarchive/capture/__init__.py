"""A post's identity → what the services answer of it, and its pictures; stores nothing."""

from __future__ import annotations

from .asking import at_once, capture, capture_many, reread
from .media import MediaFailure, fetch_media, sniff
from .visits import CaptureResult, Wanted

__all__ = [
    "CaptureResult",
    "MediaFailure",
    "Wanted",
    "at_once",
    "capture",
    "capture_many",
    "fetch_media",
    "reread",
    "sniff",
]
