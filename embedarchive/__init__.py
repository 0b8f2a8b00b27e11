"""embedarchive: finds the posts that articles embed, and keeps them for good."""

from __future__ import annotations

__version__ = "0.1.0"
