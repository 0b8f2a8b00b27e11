"""The tables of an archive, as numbered migrations: the only code with DDL; it holds no query.

Each file is one migration and defines `STATEMENTS`, run in their order; the files in that of their
names. One that was released is never edited or renamed: a change is a new file at the end.
`docs/schema.md` says in words what each table holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pkgutil import iter_modules

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x456D6241
"""`EmbA`, at offset 68 of the file: what `file` and we know an archive by."""

NAMES = tuple(sorted(module.name for module in iter_modules(__path__)))


def migrations(names: Sequence[str] = NAMES) -> Migrations:
    """The migrations of those names."""
    made = Migrations("embedarchive")
    for name in names:
        made(name=name)(_run(import_module(f".{name}", __name__).STATEMENTS))
    return made


def _run(statements: Sequence[str]) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in statements:
            db.execute(statement)

    return run


MIGRATIONS = migrations()


def applied(db: Database) -> list[str]:
    """Names of the migrations that this database has had, oldest first; reads only."""
    return [migration.name for migration in MIGRATIONS.applied(db)]


def pending(db: Database) -> list[str]:
    """Names of the migrations that this database still lacks; reads only."""
    return [migration.name for migration in MIGRATIONS.pending(db)]


def unknown(db: Database) -> list[str]:
    """Names of migrations that a newer version applied; `Migrations` itself ignores them."""
    with Database(memory=True, execute_plugins=False) as empty:
        ours = pending(empty)
    return [name for name in applied(db) if name not in ours]


def apply(db: Database) -> None:
    """Apply what is pending, inside the caller's transaction: all of it or nothing."""
    MIGRATIONS.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
