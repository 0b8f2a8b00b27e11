"""Large scans: sources → one Parquet file of references, or rows in order, by many workers.

What is done is skipped: units whose file lies beside the goal, or inside the goal of an earlier
run, are neither read nor scanned again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .engines import ENGINES, Engine
from .errors import UsageError
from .models import Fetcher
from .parts import Numbering, Part, Summary, join, parts_in, rows_in
from .report import Progress
from .table import Row
from .units import Options, Unit, units_of

_SCRATCH = ".parts"
"""Behind the goal's name: the folder with what is done, until all is."""


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who does the work, and with what."""

    engine: str | None = None
    """None: this process, or with several jobs processes on this machine."""
    jobs: int | None = 1
    address: str | None = None
    fetch: Fetcher | None = None
    stdin: BinaryIO | None = None

    def chosen(self) -> Engine | None:
        """Raises UsageError where there is no such engine."""
        if self.engine is None and self.jobs == 1:
            return None
        name = self.engine or "local"
        for engine in ENGINES:
            if engine.name == name:
                return engine
        names = ", ".join(engine.name for engine in ENGINES)
        raise UsageError(f"--engine: {name} is none of {names}")


def scan_to_parquet(
    sources: Iterable[str],
    options: Options,
    out: Path,
    workforce: Workforce,
    progress: Progress,
    on_done: Callable[[Summary], None],
) -> None:
    """Scan into a file; `on_done` is told of each unit, of those that were done before first.

    Large units go first, so that no worker is left with one when the others have ended. Raises
    UsageError, and InputError where workers are lost; what is finished is kept.
    """
    units = list(units_of(sources, options))
    scratch = out.with_name(out.name + _SCRATCH)
    held = parts_in(out)
    before = list(held)
    for path in sorted(scratch.glob("*.parquet")) if scratch.is_dir() else ():
        held |= parts_in(path)
    parts: dict[Unit, Part] = {}
    numbering = Numbering(units)

    def keep(unit: Unit, part: Part) -> None:
        for settled, numbered in numbering.add(unit, part):
            parts[settled] = numbered
            on_done(numbered.summary)

    for unit in units:
        if unit.key in held:
            keep(unit, held[unit.key])
    todo = [unit for unit in units if unit.key is None or unit.key not in held]
    todo.sort(key=lambda unit: unit.size, reverse=True)
    if not todo and [unit.key for unit in units] == before:
        shutil.rmtree(scratch, ignore_errors=True)
        return
    scratch.mkdir(exist_ok=True)
    with progress.reading("Scanning", lambda: sum(unit.size for unit in todo)) as on_bytes:
        for unit, summary in _work(todo, options, scratch, workforce, on_bytes, is_kept=True):
            keep(unit, Part(scratch / unit.name, 0, summary))
    join((parts[unit] for unit in units), out)
    shutil.rmtree(scratch)


def scan_in_order(
    sources: Iterable[str],
    options: Options,
    workforce: Workforce,
    progress: Progress,
    on_done: Callable[[Summary], None],
) -> Iterator[Row]:
    """Rows in the order of the sources, as soon as all before them are there."""
    units = list(units_of(sources, options))
    with (
        tempfile.TemporaryDirectory(prefix="embedarchive-") as name,
        progress.reading("Scanning", lambda: sum(unit.size for unit in units)) as on_bytes,
    ):
        scratch = Path(name)
        numbering = Numbering(units)
        waiting: dict[Unit, Part] = {}
        remaining = iter(units)
        next_one = next(remaining, None)
        for unit, summary in _work(units, options, scratch, workforce, on_bytes, is_kept=False):
            for settled, part in numbering.add(unit, Part(scratch / unit.name, 0, summary)):
                on_done(part.summary)
                waiting[settled] = part
            while next_one is not None and next_one in waiting:
                part = waiting.pop(next_one)
                for table in rows_in(part):
                    yield from table.to_pylist()
                part.path.unlink(missing_ok=True)
                next_one = next(remaining, None)


def _work(
    units: Sequence[Unit],
    options: Options,
    folder: Path,
    workforce: Workforce,
    on_bytes: Callable[[int], None],
    *,
    is_kept: bool,
) -> Iterator[tuple[Unit, Summary]]:
    """Each unit that is done; what comes from outside is read by this process."""
    engine = workforce.chosen()
    here = [unit for unit in units if engine is None or unit.key is None]
    if here:
        from .worker import scan_unit  # noqa: PLC0415  # start-up: all forms

    for unit in here:
        yield (
            unit,
            scan_unit(
                unit,
                options,
                folder / unit.name,
                on_bytes=on_bytes,
                fetch=workforce.fetch,
                stdin=workforce.stdin,
                is_kept=is_kept,
            ),
        )
    away = [unit for unit in units if unit not in set(here)]
    if engine is not None and away:
        yield from engine.run(
            away,
            options,
            folder,
            jobs=workforce.jobs,
            address=workforce.address,
            is_kept=is_kept,
            on_bytes=on_bytes,
        )
