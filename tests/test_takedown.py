"""A post that was taken down is told everywhere, with when; what was captured of it nowhere."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.command import run
from tests.loopback import Picture, Server

SEEN = "1657692617044922369"
NEVER_SEEN = "1658015607813058562"
DISPUTED = "1657692617044999999"
ARTICLE = f"""\
The lens is on the barge.
— Sandholm (@SandholmPort) May 14, 2023
https://x.com/SandholmPort/status/{SEEN}

https://x.com/keeper_notes/status/{NEVER_SEEN}

The lens came home on a lorry last night, they say.
— Sandholm (@SandholmPort) May 14, 2023
https://x.com/SandholmPort/status/{DISPUTED}
"""
TAKEN = [SEEN, NEVER_SEEN, DISPUTED]
SECRETS = ["Unspeakable name", "Unspeakable alt", "an Unspeakable barge"]
"""What only the service told."""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of posts that were all taken down, whose article came again; two are public."""
    folder = tmp_path_factory.mktemp("takedown")
    db, article = folder / "posts.db", folder / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    with Server() as server:
        server.world.add_post(
            SEEN,
            "SandholmPort",
            "Unspeakable name",
            "The lens is on the barge.",
            media=(Picture("LensOnBarge", alt="Unspeakable alt"),),
        )
        server.world.add_post(
            DISPUTED,
            "SandholmPort",
            "Unspeakable name",
            "The lens went out on an Unspeakable barge.",
        )
        assert run("archive", db, article, endpoints=server.base).returncode == 0
        told = run("show", db, *TAKEN).stdout
        assert "Disputed." in told
        assert all(secret in told for secret in SECRETS)
        for post in TAKEN:
            assert run("forget", "--yes", db, post).returncode == 0
        article.write_text(f"{ARTICLE}\nThe end.\n", encoding="utf-8")
        done = run("archive", db, article, endpoints=server.base)
        assert done.returncode == 0, done.stderr
    return db


@pytest.mark.parametrize("post", TAKEN)
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("show", "Taken down from this archive"),
        ("show --format md", "Taken down from this archive"),
        ("show --format text", "Taken down from this archive"),
        ("show --format bibtex", "note = {Taken down from this archive"),
        ("show --format json", '"forgotten_at": "20'),
        ("show --json", '"state": "forgotten"'),
        ("history --table", "taken down from this archive"),
        ("history --nl", '"outcome": "forgotten"'),
        ("explain", "Taken down from this archive"),
    ],
)
def test_each_command_tells(db: Path, post: str, command: str, told: str) -> None:
    name, *options = command.split()
    done = run(name, *options, db, post)
    assert done.returncode == 0, done.stderr
    assert told in done.stdout
    assert "Unspeakable" not in done.stdout


def test_the_rows_say_when(db: Path) -> None:
    rows = json.loads(run("list", db, "--json").stdout)
    assert {row["post_id"]: row["state"] for row in rows} == dict.fromkeys(TAKEN, "forgotten")
    levels = {row["post_id"]: row["level"] for row in rows}
    assert levels == {SEEN: "verified", NEVER_SEEN: "matched", DISPUTED: "disputed"}
    assert all(datetime.fromisoformat(row["forgotten_at"]).tzinfo for row in rows)
    assert json.loads(run("status", db).stdout)["forgotten"] == len(TAKEN)
    (tally,) = json.loads(run("report", db, "--json").stdout)
    assert (tally["forgotten"], tally["at_risk"], tally["lost"]) == (3, 0, 0)


def test_the_file_holds_none_of_it(db: Path) -> None:
    assert run("check", db).returncode == 0
    for file in (db, db.with_name(f"{db.name}-wal")):
        assert not file.exists() or b"Unspeakable" not in file.read_bytes()


def test_the_pages_tell(db: Path) -> None:
    site = db.with_name("site")
    assert run("render", db, "-o", site).returncode == 0
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert not [path for path, page in pages.items() if "Unspeakable" in page]
    telling = {path.parent.name for path, page in pages.items() if "Taken down from" in page}
    assert telling == {"site", "authors", "articles", "posts"}
    (shown,) = (page for path, page in pages.items() if path.stem == f"x-{SEEN}")
    assert re.search(r"<strong>Taken down from this archive <time", shown)
    assert "The lens is on the barge." in shown  # that is the article's
    assert not list((site / "media").glob("*"))
