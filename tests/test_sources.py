"""`scan` and `archive` take the same sources: lists, pipes, corpora; what they tell of them."""

from __future__ import annotations

import gzip
import json
import os
import pty
import select
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, cast

import pytest
import typer

from embedarchive.cli import app
from embedarchive.cli._sources import manner_of
from embedarchive.cli._terminal import Bar
from embedarchive.models import Manner
from embedarchive.readers.wxr import READER as WXR
from tests.command import ROOT, run
from tests.reading import cases_of, written

TWEET = "https://twitter.com/jack/status/20"


def lines(*texts: str) -> bytes:
    return b"".join(
        json.dumps(
            {"url": f"https://news.example/{n}", "date": "2024-03-05", "text": text}
        ).encode()
        + b"\n"
        for n, text in enumerate(texts, 1)
    )


def test_a_reference_can_be_traced_to_its_byte(tmp_path: Path) -> None:
    corpus = tmp_path / "a.jsonl.gz"
    content = lines("nothing", f"First {TWEET}")
    corpus.write_bytes(gzip.compress(content))
    (row,) = json.loads(run("scan", corpus).stdout)
    assert row["uri"] == f"{corpus}#2"
    assert row["document_url"] == "https://news.example/2"
    assert row["published_at"] == "2024-03-05T00:00:00+00:00"
    assert row["row"] == 2
    text = json.loads(content[row["offset"] :].split(b"\n")[0])["text"]
    assert text[row["start"] : row["end"]] == TWEET


@pytest.mark.parametrize("name", ["scan", "archive"])
def test_each_way_of_reading_is_an_option_of_both_commands(name: str) -> None:
    command = cast(Any, typer.main.get_command(app)).commands[name]
    asked: dict[str, object] = {
        option.name: True if option.type == "bool" else option.name for option in fields(Manner)
    }
    context = command.make_context(name, [], resilient_parsing=True)
    assert manner_of(context) == Manner()
    context.params |= asked
    assert asdict(manner_of(context)) == asked


def test_the_archive_keeps_the_records_in_which_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines("nothing", f"First {TWEET}", "nothing"))
    (tmp_path / "b.txt").write_text("nothing")
    db = tmp_path / "posts.db"
    first = run("archive", db, tmp_path, "--offline")
    assert first.stderr == ("2 articles (0 unchanged), 2 records without any, 1 reference found\n")
    with closing(sqlite3.connect(db)) as opened:
        (origin,) = opened.execute(
            "SELECT record_file, record_row, record_offset, record_url, published_at"
            " FROM document_versions WHERE record_row IS NOT NULL"
        )
    corpus = tmp_path / "a.jsonl"
    offset = corpus.read_bytes().index(b'{"url": "https://news.example/2')
    assert origin == (
        str(corpus), 2, offset, "https://news.example/2", "2024-03-05T00:00:00.000000Z"
    )  # fmt: skip
    again = run("archive", db, tmp_path, "--offline")
    assert again.stderr.startswith("2 articles (2 unchanged), 2 records without any")
    # One that had a reference and has none any more is a new version of it, not forgotten.
    (tmp_path / "a.jsonl").write_bytes(lines("nothing", "nothing", "nothing"))
    changed = run("archive", db, tmp_path, "--offline")
    assert changed.stderr.startswith("2 articles (1 unchanged), 2 records without any")
    dry = run("archive", db, tmp_path, "--dry-run")
    assert dry.stderr.startswith("Dry run, nothing stored: 4 articles (0 unchanged), 0 references")


def test_an_export_tells_the_words_of_posts_that_its_articles_only_link(tmp_path: Path) -> None:
    case = cases_of(WXR)[0]
    db = tmp_path / "posts.db"
    archived = run("archive", db, written(case, WXR, tmp_path), "--offline")
    assert archived.stderr.endswith("2 references found\n")
    (post,) = json.loads(run("list", db, "--json").stdout)
    assert (post["post_id"], post["name"]) == ("1657771234567890123", "Port of Sandholm")
    assert post["text"] == "The lens is on the barge."
    assert len(post["articles"]) == 2


@pytest.mark.parametrize("command", [("scan", "--nl"), ("archive", "-n")])
def test_lists_of_sources(command: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"{name} {TWEET}")
    named = f"# two\n{tmp_path / 'a.txt'}\n\n{tmp_path / 'b.txt'}\n".encode()
    (tmp_path / "list").write_bytes(named)
    name, *options = command
    db = [tmp_path / "posts.db"] if name == "archive" else []
    by_file = run(name, *options, *db, "-i", tmp_path / "list")
    by_pipe = run(name, *options, *db, "-i", "-", stdin=named)
    assert by_file.returncode == by_pipe.returncode == 0
    assert (by_file.stdout, by_file.stderr) == (by_pipe.stdout, by_pipe.stderr)
    found = (
        by_file.stdout.count('"uri"') if name == "scan" else by_file.stderr.count("2 references")
    )
    assert found == (2 if name == "scan" else 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing to read: give a PATH, or -i FILE"),
        (("-i", "missing"), "-i missing: cannot be read"),
        (("-", "-i", "-"), "- is standard input, and can only be read once"),
        (("--format", "docx", "-"), "--format: docx is none of"),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments: tuple[str, ...], words: str) -> None:
    done = run("scan", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pipe_of_records(tmp_path: Path) -> None:
    rows = json.loads(
        run(
            "scan", "-", "--format", "csv", "--field", "b", stdin=f"a,b\nx,{TWEET}\n".encode()
        ).stdout
    )
    assert [(row["uri"], row["post_id"]) for row in rows] == [("-#1", "20")]


def test_offline_a_url_is_told_and_left_out() -> None:
    done = run("scan", "https://news.example/1", "--offline")
    assert (done.returncode, done.stdout) == (3, "[]\n")
    assert "https://news.example/1: not fetched, since the run is offline" in done.stderr


def test_without_a_terminal_nobody_asks_for_the_size() -> None:
    def size() -> int:
        raise AssertionError

    with Bar(shown=True).reading("Reading", size) as advance:
        advance(5)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_on_a_terminal_a_bar_tells_the_bytes(tmp_path: Path) -> None:
    corpus = tmp_path / "a.jsonl"
    corpus.write_bytes(lines(*["nothing"] * 2000))
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "embedarchive", "scan", "--nl", str(corpus)],
        stdout=subprocess.DEVNULL,
        stderr=its,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(its)
    shown = b""
    while select.select([ours], [], [], 20)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(20) == 0
    assert b"Scanning" in shown
    size = corpus.stat().st_size / 1000
    assert f"{size:.1f}/{size:.1f} kB".encode() in shown
