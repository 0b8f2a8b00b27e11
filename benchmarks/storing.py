"""How fast captures are stored against bare sqlite3, in how much memory, in how many bytes.

    python benchmarks/storing.py [--posts 5000] [--many 100000]

Bare sqlite3 writes the very same rows, made before, into the same tables with their triggers,
indexes and full-text index, as many in one transaction as we do, with the same pragmas; that both
files then hold the same rows, and as many bytes, is checked. The first ratio is of what the thread
that stores does: look up what is there already, give ids, write. What is written of a capture
(the embed as JSON, the answer compressed) it finds made by the threads that ask, as bare sqlite3
finds its rows. The second ratio has the making on top, all in one thread; the third the parsing
and hashing of the answers as well. Rounds alternate; time is the processor's. Memory is the peak
of a process that stores so many posts and then reads each again; bytes are those of the closed
file.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from sqlite_utils import Database

from embedarchive import schema
from embedarchive.backends.syndication import BACKEND
from embedarchive.capture.asking import as_capture
from embedarchive.models import Capture, Response, Target
from embedarchive.pool import COMMIT_AT
from embedarchive.store import Archive
from embedarchive.store.written import WrittenCapture, written
from tests.loopback import Picture, World
from tests.loopback.syndication import tweet

ROUNDS = 9
GOAL = 0.5
FIRST_ID = 1657692617044922369
_TABLES = ("posts", "payloads", "captures", "embeds", "codes")
_WORDS = (
    *("lens", "barge", "harbour", "clock", "turn", "rain", "ferry"),
    *("pier", "prism", "light", "keeper", "fog", "town", "tower"),
)


def now() -> datetime:
    return datetime.now(UTC)


def responses(count: int) -> Iterator[tuple[Target, Response]]:
    """Answers as the embed service gives them, each with other words."""
    world, chance = World(), Random(1)
    for number in range(count):
        post_id = str(FIRST_ID + number)
        text = " ".join(chance.choices(_WORDS, k=30)) + f" #{chance.choice(_WORDS)} {number}"
        media = (Picture(f"Media{number}", alt="A lens on a barge"),) if number % 3 == 0 else ()
        code = f"C{number:09}"
        post = world.add_post(
            post_id, f"author{number % 500}", "An Author", text, media=media, code=code
        )
        body = json.dumps(tweet(world, post)).encode()
        headers = {"content-type": "application/json", "etag": f'"{number}"'}
        yield Target("x", post_id), Response("https://a.example/", 200, headers, body, now())
        del world.posts[post_id]
        world.codes.clear()


def ours(path: Path, captures: Iterable[WrittenCapture]) -> float:
    """Seconds to store them; to make them as well, where they are made as they are taken."""
    with Archive.open(path, clock=now) as archive:
        started = time.process_time()
        left = iter(captures)
        while part := list(islice(left, COMMIT_AT)):
            archive.add_written(part)
        return time.process_time() - started


def _read(target: Target, response: Response) -> Capture:
    return as_capture(target, BACKEND.name, response, BACKEND)


Rows = dict[str, tuple[str, list[list[tuple[object, ...]]]]]
"""Table → its INSERT, and the rows of each batch."""


def rows_of(path: Path, posts: int) -> Rows:
    """What lies in a file, as bare sqlite3 is to write it."""
    found: Rows = {}
    with closing(sqlite3.connect(path)) as conn:
        for table in (*_TABLES, "embeds_fts"):
            rowid = "rowid, " if table == "embeds_fts" else ""
            rows = conn.execute(f"SELECT {rowid}* FROM {table} ORDER BY rowid").fetchall()
            names = "(rowid, text, author, alt)" if table == "embeds_fts" else ""
            marks = ", ".join("?" * len(rows[0]))
            size = max(1, len(rows) * COMMIT_AT // posts)
            parts = [rows[at : at + size] for at in range(0, len(rows), size)]
            found[table] = (f"INSERT INTO {table} {names} VALUES ({marks})", parts)
    return found


def check_same(ours: Path, theirs: Path) -> None:
    """Exit with an error where the files do not hold the same rows in the same number of bytes."""
    if ours.stat().st_size != theirs.stat().st_size:
        raise SystemExit(f"{ours.stat().st_size} bytes, bare {theirs.stat().st_size}")
    with closing(sqlite3.connect(ours)) as conn:
        conn.execute("ATTACH ? AS bare", (str(theirs),))
        tables = conn.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table not in ("_sqlite_migrations", "sqlite_sequence"):
                left, right = (
                    conn.execute(f"SELECT * FROM {base}.{table} ORDER BY 1").fetchall()
                    for base in ("main", "bare")
                )
                if left != right:
                    raise SystemExit(f"{table}: not the same rows")


def bare(path: Path, rows: Rows) -> float:
    """Seconds to write the same rows with `executemany`."""
    conn = sqlite3.connect(path, isolation_level=None)
    with closing(conn):
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("BEGIN IMMEDIATE")
        schema.apply(Database(conn, execute_plugins=False))
        conn.execute("COMMIT")
        batches = max(len(parts) for _, parts in rows.values())
        started = time.process_time()
        for number in range(batches):
            conn.execute("BEGIN IMMEDIATE")
            for statement, parts in rows.values():
                if number < len(parts):
                    conn.executemany(statement, parts[number])
            conn.execute("COMMIT")
        return time.process_time() - started


def fill(path: Path, count: int) -> None:
    """Store so many posts, read each again, and print the peak of memory in MB."""
    with Archive.open(path, clock=now) as archive:
        left = (_read(*answer) for answer in responses(count))
        while part := list(islice(left, COMMIT_AT)):
            archive.add_captures(part)
        seen = sum(record.snapshot is not None for record in archive.posts())
    assert seen == count
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the peaks of memory, the bytes for each post and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=5000, help="for the ratio")
    parser.add_argument("--many", type=int, default=100_000, help="for memory and bytes")
    parser.add_argument("--fill", nargs=2, metavar=("PATH", "COUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(Path(options.fill[0]), int(options.fill[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # First: Linux counts what the parent held when it forked as the child's peak.
        for posts in (1000, options.many):
            path = folder / f"{posts}.db"
            command = [sys.executable, __file__, "--fill", str(path), str(posts)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            body = sum(len(answer.body) for _, answer in responses(1000)) / 1000
            print(
                f"{posts:,} posts: {float(done.stdout):.0f} MB of memory at most,"
                f" {path.stat().st_size / posts:,.0f} bytes a post in the file"
                f" (the answer alone has {body:,.0f})"
            )
        answers = list(responses(options.posts))
        captures = [_read(*answer) for answer in answers]
        ready = [written(capture) for capture in captures]
        ours(folder / "first.db", ready)
        rows = rows_of(folder / "first.db", options.posts)
        bare(folder / "second.db", rows)
        check_same(folder / "first.db", folder / "second.db")
        count = sum(len(part) for _, parts in rows.values() for part in parts)
        rounds = []
        for number in range(ROUNDS):
            theirs = bare(folder / f"bare{number}.db", rows)
            mine = ours(folder / f"ours{number}.db", ready)
            made = ours(folder / f"made{number}.db", map(written, captures))
            parsed = (written(_read(*answer)) for answer in answers)
            rounds.append((theirs, mine, made, ours(folder / f"parsed{number}.db", parsed)))
        theirs, mine, made, parsing = (
            sorted(one)[ROUNDS // 2] for one in zip(*rounds, strict=True)
        )
        ratio, with_making, with_parsing = (
            sorted(one[0] / one[which] for one in rounds)[ROUNDS // 2] for which in (1, 2, 3)
        )
        print(f"bare sqlite3 {count / theirs:,.0f} rows a second, ours {count / mine:,.0f}")
        print(
            f"ratio {ratio:.2f} (goal: at least {GOAL}); made too {with_making:.2f};"
            f" parsed too {with_parsing:.2f}"
        )
        micro = ", ".join(
            f"{one / options.posts * 1e6:.0f}" for one in (theirs, mine, made, parsing)
        )
        print(f"microseconds a post: {micro}")


if __name__ == "__main__":
    main()
