"""A Progress that shows nothing: what a benchmark runs the pipeline with."""

from __future__ import annotations

from collections.abc import Callable


class Silent:
    """Fulfils `report.Progress`."""

    def stage(self, words: str, total: int | None = None) -> Silent:
        return self

    def reading(self, words: str, size: Callable[[], int | None]) -> Silent:
        return self

    def __enter__(self) -> Callable[..., None]:
        return lambda *_: None

    def __exit__(self, *_: object) -> None:
        return None
