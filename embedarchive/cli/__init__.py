"""The command line: parses, calls, prints, exits. The only code that prints.

A command's module is imported when the command is asked for, and what it needs when it runs:
`--version` loads no command, and `--help` neither httpx nor sqlite_utils nor jinja2.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from .. import __version__
from ..errors import EmbedArchiveError
from ._terminal import complain

MODULE_OF = {
    "archive": "archive",
    "scan": "scan",
    "refresh": "refresh",
    "render": "render",
    "restore": "render",
    "list": "list",
    "search": "list",
    "show": "show",
    "history": "show",
    "explain": "explain",
    "status": "status",
    "report": "report",
    "resolve": "manual",
    "forget": "manual",
    "check": "check",
    "repair": "repair",
    "config": "config",
}
"""Command → its module, in the order of `--help`."""


class _OnDemand(Mapping[str, Any]):
    """Command → what runs it."""

    def __getitem__(self, name: str) -> Any:
        return _commands_in(MODULE_OF[name])[name]

    def __contains__(self, name: object) -> bool:
        return name in MODULE_OF

    def __iter__(self) -> Iterator[str]:
        return iter(MODULE_OF)

    def __len__(self) -> int:
        return len(MODULE_OF)


@cache
def _commands_in(module: str) -> Mapping[str, Any]:
    part = typer.Typer(rich_markup_mode="markdown")
    import_module(f".{module}", __name__).register(part)
    return typer.main.get_group(part).commands


class _Commands(TyperGroup):
    """Making all commands of their signatures takes as long as half of typer's import."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _OnDemand()  # type: ignore[assignment]  # nothing is added to it


app = typer.Typer(
    name="embedarchive",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a bug is a plain traceback, without the values of locals
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="markdown",
    epilog="Exit codes: 0 done, 2 usage, 3 partly, 4 upstream unreachable, 5 database, 6 locked,"
    " 7 damage found, 130/143 interrupted. Start with: embedarchive archive posts.db article.txt",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"embedarchive {__version__}")
        raise typer.Exit


@app.callback()
def _embedarchive(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find the posts that articles embed, even flattened to plain text, and keep them for good."""


def main() -> None:
    """Run the command line; ends the process with a documented exit code."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character is no reason to stop.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # TextIOWrapper
    try:
        app()
    except EmbedArchiveError as error:
        complain(str(error))
        sys.exit(error.exit_code)
