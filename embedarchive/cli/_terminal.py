"""What a terminal may be sent: every foreign string cleaned, words on stderr, data on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn
    from rich.text import Text

Advance = Callable[[], None]
"""Says that one step of a stage is done."""


def complain(message: str) -> None:
    """One clear line on stderr about what went wrong."""
    print(f"Error: {one_line(message)}", file=sys.stderr)


def tell(message: str, *, quiet: bool = False) -> None:
    """One line of words on stderr, unless silence was asked for."""
    if not quiet:
        print(one_line(message), file=sys.stderr)


def one_line(text: str) -> str:
    """A foreign string for the middle of a line: printable, line ends and tabs as blanks."""
    return " ".join(_printable(text).split())


def counted(count: int, one: str) -> str:
    """`1 post`, `1,203 posts`."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def clean(text: str, style: str = "") -> Text:
    """A foreign string as rich text: no markup, no emoji codes, no control characters."""
    from rich.text import Text  # noqa: PLC0415  # start-up: rich is only for what is drawn

    return Text(_printable(text), style=style)


def _printable(text: str) -> str:
    from ..texts import printable  # noqa: PLC0415  # start-up, as above

    return printable(text)


def console(*, stderr: bool = False) -> Console:
    """A console that leaves foreign text alone; rich honours NO_COLOR and the terminal's width."""
    from rich.console import Console  # noqa: PLC0415  # start-up, as above

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


class Bar:
    """Where a long run stands; draws on stderr, and only on a terminal."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()

    @contextmanager
    def stage(self, words: str, total: int | None = None) -> Iterator[Advance]:
        """Count the steps of one stage; `total` None where it is not known beforehand."""
        if not self._shown:
            yield lambda: None
            return
        from rich.progress import MofNCompleteColumn  # noqa: PLC0415  # start-up, as above

        with _drawn(words, total, MofNCompleteColumn()) as advance:
            yield lambda: advance(1)

    @contextmanager
    def reading(
        self, words: str, size: Callable[[], int | None]
    ) -> Iterator[Callable[[int], None]]:
        """Count the bytes that are read of `size()` ones, None where that is not known."""
        if not self._shown:
            yield lambda count: None
            return
        from rich.progress import DownloadColumn  # noqa: PLC0415  # start-up, as above

        with _drawn(words, size(), DownloadColumn()) as advance:
            yield advance


@contextmanager
def _drawn(
    words: str, total: int | None, how_far: ProgressColumn
) -> Iterator[Callable[[int], None]]:
    from rich.progress import (  # noqa: PLC0415  # start-up, as above
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = [TextColumn("{task.description}"), BarColumn(), how_far, TimeElapsedColumn()]
    if total is not None:
        columns.append(TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda steps: progress.advance(task, steps)
