"""Where the material for measuring lies: outside the project, and absent on most machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("EMBEDARCHIVE_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(name: str) -> Path:
    """The path of a shared file or folder; skips the calling test where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no shared material: {name}")
    return path
