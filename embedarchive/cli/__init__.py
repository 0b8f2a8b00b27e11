"""The command line: parses, calls, prints, exits. The only code that prints.

Each command is one module, found by its name. What a command needs is imported when it runs, not
when it is declared: `--version` and `--help` load neither httpx nor sqlite_utils nor jinja2.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated

import typer

from .. import __version__
from ..errors import EmbedArchiveError
from ._terminal import complain

app = typer.Typer(
    name="embedarchive",
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


for _module in iter_modules(__path__):
    if not _module.name.startswith("_"):
        import_module(f".{_module.name}", __name__).register(app)


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
