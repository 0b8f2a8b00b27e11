"""An empty archive, checked once more when the test is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from embedarchive.store import Archive

from ..making_records import ticking


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "posts.db", clock=ticking()) as opened:
        yield opened
        assert list(opened.verify()) == []
