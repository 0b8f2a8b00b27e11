"""README and the documents say what there is: commands, exit codes, settings, shelves, tables."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from embedarchive import errors
from embedarchive.config import Settings
from embedarchive.terms import Level
from tests.command import ROOT, run
from tests.loopback import Server
from tests.loopback.__main__ import demo

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """As `--help` lists them."""
    listed = run("--help", env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    _, _, block = listed.partition("Commands")
    return re.findall(r"^\W*([a-z]+) {2,}\S", block, re.MULTILINE)


def test_every_command_is_documented_and_has_an_example() -> None:
    names = commands()
    assert {"archive", "scan", "render", "list", "show", "status", "config"} <= set(names)
    for name in names:
        assert re.search(rf"`{name}\b", README), name
        shown = run(name, "--help", env={"COLUMNS": "200", "TERM": "dumb"})
        if name == "config":
            shown = run(name, "show", "--help", env={"COLUMNS": "200", "TERM": "dumb"})
        assert f"Example: embedarchive {name}" in shown.stdout, name


def test_every_exit_code_is_documented() -> None:
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.EmbedArchiveError)
    }
    for code in codes:
        assert f"\n| {code} |" in README


@pytest.mark.parametrize("level", Level)
def test_every_level_is_explained(level: Level) -> None:
    assert f"| {level} |" in README


def test_settings_that_readme_names_exist() -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block
    named = re.findall(r"^(\w+) =", block[1], re.MULTILINE)
    assert named
    assert set(named) <= {item.name for item in fields(Settings)}


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_console_blocks_are_what_the_commands_print(tmp_path: Path) -> None:
    """Run for real: output that drifts fails here."""
    blocks = dict(re.findall(r"```console\n\$ embedarchive ([^\n]+)\n(.*?)```", README, re.DOTALL))
    scanned = run("scan", "examples", "--table", env={"COLUMNS": "80", "TERM": "dumb"})
    assert blocks["scan examples --table"].strip() == scanned.stdout.strip()
    archived = run("archive", tmp_path / "posts.db", "examples", "--offline")
    assert blocks["archive posts.db examples --offline"].strip() == archived.stderr.strip()
    shown = run("show", tmp_path / "posts.db", "claim-2", env={"COLUMNS": "80", "TERM": "dumb"})
    assert blocks["show posts.db claim-2"].strip() == shown.stdout.strip()
    site = tmp_path / "site"
    rendered = run("render", tmp_path / "posts.db", "-o", site).stderr.replace(str(site), "site")
    assert blocks["render posts.db -o site"].strip() == rendered.strip()


def test_the_main_job_is_done_without_the_services_as_the_documents_say(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "loopback.md").read_text(encoding="utf-8")
    block = re.search(
        r"\$ EMBED\S+ embedarchive archive posts.db examples\n(.*?)```", page, re.DOTALL
    )
    assert block
    with Server(demo()) as server:
        done = run("archive", tmp_path / "posts.db", "examples", endpoints=server.base)
    assert done.stderr == block[1]
