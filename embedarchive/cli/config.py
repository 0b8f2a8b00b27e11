"""`config show`: each setting and where it came from."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import typer

from . import _options as options
from ._rows import show_rows


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Look at the configuration.")
    group.command(epilog="Example: embedarchive config show --nl")(show)
    app.add_typer(group, name="config")


def show(
    config: options.Config = None,
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
) -> None:
    """Show each setting, its value, and whether a flag, the environment or a file set it."""
    from dataclasses import fields  # noqa: PLC0415  # start-up

    from ..config import Settings, load  # noqa: PLC0415  # start-up

    found = load(path=config)
    rows = [
        {
            "setting": item.name,
            "value": _plain(getattr(found.settings, item.name)),
            "from": found.origins[item.name],
            "help": item.metadata["help"],
        }
        for item in fields(Settings)
    ]
    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )
    show_rows(rows, form, columns=("setting", "value", "from", "help"))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
