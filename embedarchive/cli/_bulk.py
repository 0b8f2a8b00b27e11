"""`scan` with many processes, and into a file: options, and what they come to."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError, UsageError
from ..processes import keep_pandas_out
from ..terms import Kind
from ._rows import Row
from ._terminal import Bar, complain, tell

if TYPE_CHECKING:
    from ..bulk import Workforce
    from ..models import Fetcher, Manner
    from ..parts import Summary
    from ..units import Options

ToParquet = Annotated[
    Path | None,
    typer.Option(
        "--to-parquet",
        metavar="FILE",
        show_default=False,
        help="Write the references into this Parquet file; print none.",
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", min=1, help="Processes that share the files among them.")
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine", metavar="NAME", show_default=False, help="Who runs the processes: local, ray."
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="HOST:PORT", show_default=False, help="Of the engine's cluster."
    ),
]


class Many:
    """A scan that many processes share, or that goes into a file."""

    def __init__(
        self,
        manner: Manner,
        kinds: Sequence[Kind] | None,
        min_confidence: float,
        *,
        jobs: int,
        engine: str | None,
        address: str | None,
        fetch: Fetcher | None,
    ) -> None:
        self._manner = manner
        self._kinds = tuple(kind.value for kind in kinds or ())
        self._min_confidence = min_confidence
        # An engine's cluster knows best how many it has, unless somebody says.
        self._jobs = None if engine not in (None, "local") and jobs == 1 else jobs
        self._engine = engine
        self._address = address
        self._fetch = fetch
        if address is not None and engine is None:
            raise typer.BadParameter("--address is that of an --engine's cluster")

    @property
    def is_shared(self) -> bool:
        """Whether other processes are to do the work."""
        return self._engine is not None or self._jobs != 1

    def to_parquet(self, named: Iterable[str], out: Path, bar: Bar, *, quiet: bool) -> int:
        """Scan into a file; the exit code."""
        options, workforce = self._setup()
        from ..bulk import scan_to_parquet  # noqa: PLC0415  # start-up

        done: list[Summary] = []

        def note(summary: Summary) -> None:
            done.append(summary)
            _complain(summary)

        try:
            scan_to_parquet(named, options, out, workforce, bar, note)
        except OSError as error:
            raise InputError(f"{out}: cannot be written: {error.strerror}", uri=str(out)) from error
        bad = sum(summary.bad for summary in done)
        read = sum(summary.documents + summary.skipped for summary in done)
        words = f"{sum(summary.references for summary in done)} references in {read} articles"
        tell(f"{words}; {bad} could not be read" if bad else words, quiet=quiet)
        return InputError.exit_code if bad else 0

    def rows(
        self, named: Iterable[str], bar: Bar, failed: Counter[type], columns: Sequence[str]
    ) -> Iterator[Row]:
        """The rows to print; `failed` is told how many articles could not be read."""
        options, workforce = self._setup()
        from ..bulk import scan_in_order  # noqa: PLC0415  # start-up

        def note(summary: Summary) -> None:
            if summary.bad:
                failed[InputError] += summary.bad
            _complain(summary)

        for row in scan_in_order(named, options, workforce, bar, note):
            yield _printed(row, columns)

    def _setup(self) -> tuple[Options, Workforce]:
        if self._engine in (None, "local"):  # Ray Data needs it
            keep_pandas_out()
        try:
            from ..bulk import Workforce  # noqa: PLC0415  # start-up
            from ..units import Options  # noqa: PLC0415  # start-up
        except ImportError as error:
            raise UsageError(
                f"this needs {error.name}: pip install 'embedarchive[corpora]'"
            ) from None
        options = Options(self._manner, self._kinds, self._min_confidence)
        workforce = Workforce(
            engine=self._engine,
            jobs=self._jobs,
            address=self._address,
            fetch=self._fetch,
            stdin=sys.stdin.buffer,
        )
        return options, workforce


def _complain(summary: Summary) -> None:
    for message in summary.messages:
        complain(message)
    if summary.bad > len(summary.messages):
        complain(f"{summary.first}: {summary.bad - len(summary.messages)} more like these")


def _printed(row: Row, columns: Sequence[str]) -> Row:
    """A row of the file as `scan` prints it."""
    told = {name: row[name] for name in columns}
    for name, value in told.items():
        if isinstance(value, date | datetime):
            told[name] = value.isoformat()
        elif isinstance(value, float):
            told[name] = round(value, 3)
        elif name == "alternatives" and isinstance(value, list):
            told[name] = [other | {"confidence": round(other["confidence"], 3)} for other in value]
    return told
