"""Who runs the workers of a large scan.

Each file is one entry and defines `ENGINE`; a new file is all that a new entry takes. What an
engine needs is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

from ..parts import Summary
from ..units import Options, Unit


class Engine(Protocol):
    """Runs `worker.scan_unit` over units, in processes of its own."""

    name: str

    def run(
        self,
        units: Sequence[Unit],
        options: Options,
        folder: Path,
        *,
        jobs: int | None,
        address: str | None,
        is_kept: bool,
        on_bytes: Callable[[int], None],
    ) -> Iterator[tuple[Unit, Summary]]:
        """Each unit that is done, its file in `folder` under the unit's name; in any order.

        `jobs`: workers at once, None: as many as there are processors. Raises UsageError where the
        engine is not installed, InputError where workers are lost.
        """


ENGINES: tuple[Engine, ...] = tuple(
    import_module(f".{module.name}", __name__).ENGINE
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""
