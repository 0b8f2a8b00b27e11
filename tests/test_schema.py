"""The tables keep their promises by themselves, whoever writes to the file."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from embedarchive import schema
from embedarchive.models import Outcome

DOCS = Path(__file__).parents[1] / "docs" / "schema.md"

DIGEST = "sha256:" + "0" * 64


@pytest.fixture
def db() -> Iterator[Database]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    with Database(conn, execute_plugins=False) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA recursive_triggers = OFF")  # the harder case
        conn.execute("BEGIN IMMEDIATE")
        schema.apply(database)
        conn.execute("COMMIT")
        yield database


@pytest.fixture
def filled(db: Database) -> Database:
    db.execute("INSERT INTO posts (id, network, post_id, key) VALUES (1, 'x', '20', 'x-20')")
    db.execute("INSERT INTO payloads VALUES (?, x'7b7d', 'none', 2)", [DIGEST])
    db.execute(
        "INSERT INTO captures VALUES (1, 1, 'oembed', 'available', NULL, '2024-01-01', ?, '', 200,"
        " '{}')",
        [DIGEST],
    )
    db.execute(
        "INSERT INTO refused_answers VALUES (1, 1, 'oembed', 'another post', NULL, '2024-01-01', ?,"
        " '', 200, '{}')",
        [DIGEST],
    )
    return db


def tables(db: Database) -> list[tuple[str, bool]]:
    return [
        (name, bool(strict))
        for _, name, kind, _, _, strict in db.execute("PRAGMA table_list").fetchall()
        if kind == "table" and not name.startswith("sqlite_")
    ]


def test_every_table_of_ours_is_strict(db: Database) -> None:
    loose = {name for name, is_strict in tables(db) if not is_strict}
    assert loose == {"_sqlite_migrations"}  # sqlite-utils' own


def test_strict_means_types_are_refused(filled: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        filled.execute("INSERT INTO hosts VALUES ('x.com', NULL, 'many')")


def test_every_foreign_key_has_an_index_to_follow_it_back(db: Database) -> None:
    for table, _ in tables(db):
        indexed = {
            db.execute("SELECT name FROM pragma_index_info(?) WHERE seqno = 0", [index]).fetchone()[
                0
            ]
            for (_, index, *_) in db.execute("SELECT * FROM pragma_index_list(?)", [table])
        }
        columns = {
            row[3] for row in db.execute("SELECT * FROM pragma_foreign_key_list(?)", [table])
        }
        # A post's row is never deleted, so nobody looks for who points at it.
        assert columns - indexed <= {"post"}, table


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE captures SET outcome = 'deleted'",
        "UPDATE captures SET id = 7",
        "DELETE FROM captures",
        "REPLACE INTO captures SELECT * FROM captures",
        "INSERT OR REPLACE INTO captures SELECT * FROM captures WHERE id = 1",
        "UPDATE OR REPLACE captures SET reason = 'x'",
        "INSERT INTO captures SELECT * FROM captures WHERE true"
        " ON CONFLICT (id) DO UPDATE SET reason = 'x'",
        "UPDATE refused_answers SET reason = 'x'",
        "DELETE FROM refused_answers",
        "REPLACE INTO refused_answers SELECT * FROM refused_answers",
        "REPLACE INTO refused_answers SELECT 2, post, backend, 'x', NULL, received_at, payload,"
        " url, http_status, headers FROM refused_answers",
        "UPDATE payloads SET body = NULL",
        "UPDATE payloads SET body = x'00'",
        "UPDATE payloads SET digest = 'sha256:1'",
        "DELETE FROM payloads",
        "REPLACE INTO payloads SELECT * FROM payloads",
        "INSERT OR REPLACE INTO payloads SELECT * FROM payloads",
        "REPLACE INTO payloads (rowid, digest, body, compression, size)"
        " SELECT rowid, 'sha256:2', body, compression, size FROM payloads",
        "INSERT INTO payloads SELECT * FROM payloads WHERE true"
        " ON CONFLICT (digest) DO UPDATE SET body = x'00'",
    ],
)
def test_captures_and_payloads_are_append_only(filled: Database, statement: str) -> None:
    before = list(filled.conn.iterdump())
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        filled.execute(statement)
    assert list(filled.conn.iterdump()) == before


def test_a_body_may_go_only_when_no_shown_post_stands_on_it(filled: Database) -> None:
    filled.execute("INSERT INTO posts (id, network, post_id, key) VALUES (2, 'x', '21', 'x-21')")
    filled.execute(
        "INSERT INTO captures SELECT 2, 2, backend, outcome, reason, captured_at, payload, url,"
        " http_status, headers FROM captures"
    )
    filled.execute("UPDATE posts SET forgotten_at = '2024-01-02' WHERE id = 1")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        filled.execute("UPDATE payloads SET body = NULL")
    filled.execute("UPDATE posts SET forgotten_at = '2024-01-02' WHERE id = 2")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        filled.execute("UPDATE payloads SET body = x'00'")
    filled.execute("UPDATE payloads SET body = NULL")
    assert filled.execute("SELECT size, body FROM payloads").fetchone() == (2, None)


def test_evidence_holds_no_bytes_against_a_takedown_and_goes_with_one(db: Database) -> None:
    for number in (1, 2, 3):
        db.execute(
            "INSERT INTO posts (id, network, post_id, key) VALUES (?1, 'x', ?1, 'x-' || ?1)",
            [number],
        )
    db.execute("INSERT INTO payloads VALUES (?, x'7b7d', 'none', 2)", [DIGEST])
    for post, answered in ((1, 2), (3, None)):
        db.execute(
            "INSERT INTO refused_answers VALUES (?1, ?1, 'oembed', '', ?2, '2024-01-01', ?3, '',"
            " 200, '{}')",
            [post, answered, DIGEST],
        )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("UPDATE payloads SET body = NULL")
    db.execute("UPDATE posts SET forgotten_at = '2024-01-02' WHERE id = 2")
    db.execute("UPDATE payloads SET body = NULL")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_view_gone_is_what_the_models_call_proven_gone(
    filled: Database, outcome: Outcome
) -> None:
    for later in (outcome, Outcome.UNKNOWN):  # an empty answer says nothing new
        filled.execute(
            "INSERT INTO captures (post, backend, outcome, captured_at, payload, url, http_status,"
            " headers) VALUES (1, 'oembed', ?, '2024-01-02', ?, '', 200, '{}')",
            [later.value, DIGEST],
        )
    assert bool(filled.execute("SELECT * FROM gone").fetchall()) is outcome.is_proven_gone
    assert filled.execute("SELECT key FROM snapshots").fetchone() == ("x-20",)


def test_what_is_pending_and_unknown_is_seen_without_writing(db: Database) -> None:
    assert schema.applied(db) == list(schema.NAMES)
    assert schema.pending(db) == []
    assert schema.unknown(db) == []
    db.execute("INSERT INTO _sqlite_migrations VALUES (9, 'embedarchive', 'm099_later', '')")
    db.execute("INSERT INTO _sqlite_migrations VALUES (10, 'neighbour', 'm001_theirs', '')")
    assert schema.unknown(db) == ["m099_later"]


def test_migrations_are_numbered_in_order(db: Database) -> None:
    names = schema.applied(db)
    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))


def test_the_documentation_names_every_table_view_and_column(db: Database) -> None:
    words = set(re.findall(r"`([a-z0-9_]+)`", DOCS.read_text(encoding="utf-8")))
    shadow = re.compile(r"_(data|idx|content|docsize|config)$")
    for name in [*db.table_names(), *db.view_names()]:
        if name.startswith(("sqlite_", "_")) or shadow.search(name):
            continue
        assert name in words, name
        columns = {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", [name])}
        assert columns - words == set(), name


def test_the_queries_of_the_documentation_run(filled: Database) -> None:
    queries = re.findall(r"```sql\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(queries) >= 5
    for query in queries:
        filled.execute(query).fetchall()
