"""The commands: each in its module, made when it is asked for, complete in `--help`."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

import pytest

from embedarchive import cli, schema
from embedarchive.store import Archive

from .command import run
from .making_records import ticking


def test_every_module_registers_the_commands_that_are_its_own() -> None:
    modules = {found.name for found in iter_modules(cli.__path__) if not found.name.startswith("_")}
    assert modules == set(cli.MODULE_OF.values())
    for module in modules:
        expected = {name for name, of in cli.MODULE_OF.items() if of == module}
        assert set(cli._commands_in(module)) == expected


def test_help_lists_them_all_in_their_order() -> None:
    shown = run("--help", env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    places = [shown.index(f"│ {name} ") for name in cli.MODULE_OF]
    assert places == sorted(places)


def test_a_misspelt_command_is_wrong_usage_and_answered_with_the_likely_one() -> None:
    done = run("lst", env={"COLUMNS": "200", "TERM": "dumb"})
    assert done.returncode == 2
    assert "'list'" in done.stderr


@pytest.mark.parametrize("command", ["--version", "check"])
def test_only_what_is_asked_for_is_imported(command: str) -> None:
    code = (
        "import sys\nfrom embedarchive import cli\n"
        "try: cli.app([sys.argv[1], '--help'] if sys.argv[1][0] != '-' else sys.argv[1:])\n"
        "except SystemExit: print(*[m for m in sys.modules if m.startswith('embedarchive.cli.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    loaded = {name.rpartition(".")[2] for name in done.stdout.splitlines()[-1].split()}
    assert {name for name in loaded if not name.startswith("_")} == {command} - {"--version"}


def test_an_older_archive_is_refused_with_the_command_that_updates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older posts.db"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.migrations(schema.NAMES[:1]))
        Archive.open(older, clock=ticking()).close()
    refused = run("status", older)
    assert refused.returncode == 5
    (named,) = re.findall("`embedarchive (.+)`", refused.stderr)
    assert run(*shlex.split(named)).returncode == 0
    told = run("status", older)
    assert told.returncode == 0
    assert json.loads(told.stdout)["last_run"]["report"] == {"exit_code": 0, "visited": 0}
