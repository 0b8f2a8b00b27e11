"""A Progress that shows nothing: what a benchmark runs the pipeline with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Silent:
    """Fulfils `report.Progress`."""

    @contextmanager
    def stage(self, words: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        yield lambda: None

    @contextmanager
    def reading(
        self, words: str, size: Callable[[], int | None]
    ) -> Iterator[Callable[[int], None]]:
        yield lambda _: None
