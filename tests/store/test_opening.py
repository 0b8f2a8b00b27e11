"""Opening an archive: what is refused stays untouched, and what goes wrong is said in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from embedarchive import schema
from embedarchive.errors import (
    ArchiveError,
    ArchiveLocked,
    DiskFull,
    NewerArchive,
    NotAnArchive,
)
from embedarchive.models import HostState, Target, Unfinished
from embedarchive.store import Archive

from ..making_records import make_capture, make_embed, make_refused, ticking

POST = Target("x", "20")
ROOT = Path(__file__).parents[2]
PRELUDE = """
import resource, signal, sys
from pathlib import Path
from embedarchive.errors import DiskFull
from embedarchive.models import Target
from embedarchive.store import Archive
from tests.making_records import make_capture, make_embed, ticking
path = Path(sys.argv[1])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.db"


@pytest.fixture
def made(path: Path) -> Path:
    with Archive.open(path, clock=ticking()) as archive:
        archive.add_capture(make_capture(POST, make_embed(POST)))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def run(path: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code that has `archive` opened at `path`."""
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + code, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- what is refused ---------------------------------------------------------------------------


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT)")


def foreign_database_of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("PRAGMA application_id = 7")


def foreign_database_with_migrations(path: Path) -> None:
    theirs = Migrations("theirs")

    @theirs()
    def m001(db: Database) -> None:
        db.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY)")

    with Database(path) as db:
        theirs.apply(db)


def foreign_database_in_wal(path: Path) -> None:
    """With a WAL that a crash left behind: to close it carelessly is to change it."""
    source = path.with_name("source.db")
    with closing(sqlite3.connect(source)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY)")
        conn.commit()
        for suffix in ("", "-wal"):
            shutil.copy(f"{source}{suffix}", f"{path}{suffix}")
    source.unlink()


def text(path: Path) -> None:
    path.write_text("Rain at last.", encoding="utf-8")


def torn_header(path: Path) -> None:
    path.write_bytes(b"SQLite form")


def garbage_behind_a_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)


REFUSED = [
    foreign_database,
    foreign_database_of_another_program,
    foreign_database_with_migrations,
    foreign_database_in_wal,
    text,
    torn_header,
    garbage_behind_a_header,
]


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_what_is_no_archive_is_refused_untouched(path: Path, make, read_only: bool) -> None:  # type: ignore[no-untyped-def]
    make(path)
    before = contents(path.parent)
    with pytest.raises(NotAnArchive, match=r"posts\.db"):
        Archive.open(path, clock=ticking(), read_only=read_only)
    after = contents(path.parent)
    after.pop("posts.db-shm", None)  # shared memory of whoever reads a WAL; holds no data
    assert after == before


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("has_wal", [True, False])
def test_a_newer_archive_is_refused_untouched(made: Path, has_wal: bool, read_only: bool) -> None:
    with closing(sqlite3.connect(made)) as conn:
        conn.execute("INSERT INTO _sqlite_migrations VALUES (9, 'embedarchive', 'm099_later', '')")
        conn.commit()
        if has_wal:
            kept = {s: Path(f"{made}{s}").read_bytes() for s in ("", "-wal")}
    if has_wal:
        for suffix, data in kept.items():
            Path(f"{made}{suffix}").write_bytes(data)
    before = contents(made.parent)
    assert ("posts.db-wal" in before) is has_wal
    with pytest.raises(NewerArchive, match="m099_later"):
        Archive.open(made, clock=ticking(), read_only=read_only)
    after = contents(made.parent)
    after.pop("posts.db-shm", None)
    assert after == before


def test_an_absent_archive_is_made_only_where_that_was_meant(path: Path) -> None:
    for options in ({"create": False}, {"read_only": True}):
        with pytest.raises(ArchiveError, match="no such archive"):
            Archive.open(path, clock=ticking(), **options)
    assert list(path.parent.iterdir()) == []
    with pytest.raises(ArchiveError, match="no such directory"):
        Archive.open(path / "deeper" / "posts.db", clock=ticking())
    with pytest.raises(ArchiveError, match="directory"):
        Archive.open(path.parent, clock=ticking())
    with pytest.raises(ArchiveError, match="too long"):
        Archive.open(path.parent / ("n" * 300), clock=ticking())


def test_an_empty_file_becomes_an_archive(path: Path) -> None:
    path.touch()
    with pytest.raises(NotAnArchive):
        Archive.open(path, clock=ticking(), read_only=True)
    with Archive.open(path, clock=ticking()) as archive:
        assert list(archive.verify()) == []


def test_an_archive_is_known_by_its_header_and_by_its_tables(made: Path) -> None:
    assert made.read_bytes()[68:72] == b"EmbA"
    with closing(sqlite3.connect(made)) as conn:
        conn.execute("PRAGMA application_id = 0")  # as `.dump` and `.recover` leave it
    with Archive.open(made, clock=ticking(), read_only=True) as archive:
        assert archive.find_post(POST) is not None


def test_odd_names_are_just_names(tmp_path: Path) -> None:
    for name in ("a?mode=memory.db", "100%.db", "#1 ü.db", "file:x.db"):
        with Archive.open(tmp_path / name, clock=ticking()) as archive:
            archive.add_capture(make_capture(POST, make_embed(POST)))
        assert (tmp_path / name).stat().st_size > 0


# --- older archives ----------------------------------------------------------------------------


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Migrations:
    """The schema as a later release may have it."""
    migrations = schema.migrations()
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    return migrations


def test_an_archive_of_each_older_schema_can_be_used(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.migrations(schema.NAMES[:1]))
        with Archive.open(path, clock=ticking()) as archive:
            archive._write("INSERT INTO hosts VALUES ('x.com', NULL, 3)")
    with Archive.open(path, clock=ticking()) as archive:
        assert archive.host_state("x.com") == HostState("x.com", None, 3)
        archive.add_capture(make_capture(POST, make_embed(POST)))
        archive.set_unfinished({POST: [Unfinished("oembed", "no answer")]})
        archive.add_refused([make_refused(POST)])
        assert archive.forget(POST)
        assert list(archive.verify()) == []


def test_an_older_archive_is_brought_up_to_date_with_a_backup(
    made: Path, later: Migrations
) -> None:
    @later()
    def m901_places(db: Database) -> None:
        db.execute("CREATE TABLE places (id INTEGER PRIMARY KEY) STRICT")

    with pytest.raises(ArchiveError, match="older"):
        Archive.open(made, clock=ticking(), read_only=True)
    with Archive.open(made, clock=ticking()) as archive:
        assert archive.find_post(POST) is not None
    with closing(sqlite3.connect(made)) as conn:
        assert conn.execute("SELECT COUNT(*) FROM places").fetchone() == (0,)
    backup = made.with_name("posts.db.before-m901_places")
    with closing(sqlite3.connect(backup)) as conn:
        assert conn.execute("SELECT COUNT(*) FROM captures").fetchone() == (1,)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with Archive.open(made, clock=ticking(), read_only=True) as archive:
        assert list(archive.verify()) == []


def test_an_update_that_fails_changes_nothing(made: Path, later: Migrations) -> None:
    @later()
    def m901_places(db: Database) -> None:
        db.execute("CREATE TABLE places (id INTEGER PRIMARY KEY) STRICT")

    @later()
    def m902_wrong(db: Database) -> None:
        db.execute("CREATE TABLE places (id INTEGER PRIMARY KEY) STRICT")

    with pytest.raises(sqlite3.OperationalError, match="exists"):
        Archive.open(made, clock=ticking())
    with closing(sqlite3.connect(made)) as conn:
        tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master")]
    assert "places" not in tables


# --- locks -------------------------------------------------------------------------------------


def test_a_second_writer_is_told_at_once_and_readers_go_on(made: Path) -> None:
    code = """
with Archive.open(path, clock=ticking()) as archive:
    print('open', flush=True)
    sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code, made],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(ArchiveLocked, match=r"posts\.db\.lock"):
            Archive.open(made, clock=ticking())
        with pytest.raises(ArchiveLocked):
            Archive.open(made, clock=ticking(), lock_wait=0.1)
        with Archive.open(made, clock=ticking(), read_only=True) as archive:
            assert archive.find_post(POST) is not None
            assert archive.is_read_only
        holder.communicate("done")
    Archive.open(made, clock=ticking()).close()
    assert Path(f"{made}.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_is_a_link_is_not_followed(made: Path) -> None:
    lock, victim = Path(f"{made}.lock"), made.with_name("victim")
    lock.unlink(missing_ok=True)
    victim.write_text("precious", encoding="utf-8")
    lock.symlink_to(victim)
    with pytest.raises(ArchiveError):
        Archive.open(made, clock=ticking())
    assert victim.read_text(encoding="utf-8") == "precious"


def test_closing_twice_is_fine_and_gives_the_lock_back(path: Path) -> None:
    archive = Archive.open(path, clock=ticking())
    archive.close()
    archive.close()
    Archive.open(path, clock=ticking()).close()


def test_a_writer_waits_for_a_reader_that_holds_a_snapshot(made: Path) -> None:
    with closing(sqlite3.connect(made)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM captures").fetchall()
        with Archive.open(made, clock=ticking()) as archive:
            archive.add_capture(make_capture(POST))
        assert len(reader.execute("SELECT * FROM captures").fetchall()) == 1


def test_a_writer_waits_for_another_program_that_writes(made: Path) -> None:
    with Archive.open(made, clock=ticking()) as archive:
        other = sqlite3.connect(made, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.2, other.rollback)
        timer.start()
        archive.add_capture(make_capture(POST))
        timer.join()
        other.close()
        assert len(archive.timemap(POST)) == 2


def test_a_writer_does_not_wait_for_ever(made: Path) -> None:
    with closing(sqlite3.connect(made)) as other, Archive.open(made, clock=ticking()) as archive:
        archive._rows("PRAGMA busy_timeout = 50")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="another program"):
            archive.add_capture(make_capture(POST))
        other.rollback()
        assert len(archive.timemap(POST)) == 1


# --- full and read-only disks ------------------------------------------------------------------


def test_a_full_disk_is_said_and_leaves_what_was_stored(path: Path) -> None:
    result = run(
        path,
        """
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
stored = 0
try:
    with Archive.open(path, clock=ticking()) as archive:
        while True:
            post = Target('x', str(stored))
            archive.add_capture(make_capture(post, make_embed(post)))
            stored += 1
except DiskFull as error:
    print(stored, error.exit_code, error, sep='|')
""",
    )
    assert result.returncode == 0, result.stderr
    stored, exit_code, words = result.stdout.split("|")
    assert (exit_code, "intact" in words) == ("5", True)
    with Archive.open(path, clock=ticking()) as archive:
        assert list(archive.verify()) == []
        assert sum(1 for _ in archive.posts()) == int(stored) > 10


def test_a_database_at_its_limit_is_a_full_disk(made: Path) -> None:
    with Archive.open(made, clock=ticking()) as archive:
        (pages,) = archive._rows("PRAGMA page_count")[0]
        archive._rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskFull, match="no room"):
            archive.add_capture(make_capture(POST, body=os.urandom(100_000)))
        assert len(archive.timemap(POST)) == 1
        assert list(archive.verify()) == []


def test_a_reader_cannot_write(made: Path) -> None:
    with Archive.open(made, clock=ticking(), read_only=True) as archive:
        with pytest.raises(DiskFull, match="may not be written"):
            archive.set_host_state(HostState("x.com", None, 1))
        with pytest.raises(DiskFull, match="may not be written"):
            archive.add_capture(make_capture(POST))
        assert len(archive.timemap(POST)) == 1


@pytest.fixture
def sealed(made: Path) -> Iterator[Path]:
    Path(f"{made}.lock").unlink()
    made.parent.chmod(0o500)
    if os.access(made.parent, os.W_OK):
        pytest.skip("root may write anywhere")
    yield made
    made.parent.chmod(0o700)


def test_an_archive_on_read_only_media_can_be_read(sealed: Path) -> None:
    with Archive.open(sealed, clock=ticking(), read_only=True) as archive:
        assert archive.find_post(POST) is not None
    with pytest.raises(ArchiveError):
        Archive.open(sealed, clock=ticking())


def test_a_damaged_page_is_an_archive_error_or_a_problem(made: Path) -> None:
    data = made.read_bytes()
    for at in range(4096, len(data), 4096):
        made.write_bytes(data[:at] + b"\xff" * 16 + data[at + 16 :])
        try:
            with Archive.open(made, clock=ticking(), read_only=True) as archive:
                problems = list(archive.verify())
        except ArchiveError as error:
            problems = [error]
        assert problems, at // 4096


@pytest.mark.parametrize("size", [1, 99, 100, 4096, 4097, 50_000])
def test_a_truncated_archive_is_an_archive_error_or_a_problem(made: Path, size: int) -> None:
    made.write_bytes(made.read_bytes()[:size])
    before = contents(made.parent)
    try:
        with Archive.open(made, clock=ticking(), read_only=True) as archive:
            assert list(archive.verify())
    except ArchiveError:
        pass
    assert contents(made.parent) == before
