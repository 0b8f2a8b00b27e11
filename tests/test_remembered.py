"""A search of the archive's index goes on where it was cut short; the real command line."""

from __future__ import annotations

from pathlib import Path

from tests.command import run
from tests.loopback import Server, faults
from tests.loopback.services import answer
from tests.loopback.wayback import archive

ID = "1600000000000000002"  # made on 2022-12-06, 05:31 UTC
OTHER = "1600000000000000102"
TEXT = "Fog over the pier this morning, the ferry waits"
SLOW = {"EMBEDARCHIVE_RESOLVERS": "wayback_cdx", "EMBEDARCHIVE_WAYBACK_PACING": "0"}
INDEX = "web.archive.org"


def article(folder: Path) -> Path:
    path = folder / "fog.txt"
    path.write_text(
        f"The harbour in winter\n\n{TEXT}\n— Harbour Notes (@harbour_notes) December 6, 2022\n",
        encoding="utf-8",
    )
    return path


def questions(server: Server, since: int = 0) -> list[tuple[str, str]]:
    return [
        (asked.path, str(sorted(asked.query.items())))
        for asked in server.world.asked[since:]
        if asked.host == INDEX
    ]


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    with Server() as server:
        for number, text in ((ID, TEXT), (OTHER, "The ferry has left after all")):
            post = server.world.add_post(number, "harbour_notes", "Harbour Notes", text)
            archive(server.world, post)
        whole, path = tmp_path / "whole.db", article(tmp_path)
        done = run("archive", whole, path, "--no-media", endpoints=server.base, env=SLOW)
        assert done.returncode == 0, done.stderr
        assert "1 identified" in done.stderr
        needed = questions(server)
        assert len(needed) == len(set(needed)) > 5

        cut = tmp_path / "cut.db"
        answered = len(needed) // 2
        server.world.fault(INDEX, lambda asked: answer(server.world, asked), times=answered)
        server.world.fault(INDEX, faults.server_error(503))
        first = len(server.world.asked)
        done = run("archive", cut, path, "--no-media", endpoints=server.base, env=SLOW)
        assert (done.returncode, "could not be asked" in done.stderr) == (4, True), done.stderr
        had = questions(server, first)[:answered]

        server.world.heal()
        second = len(server.world.asked)
        done = run("archive", cut, path, "--no-media", endpoints=server.base, env=SLOW)
        assert done.returncode == 0, done.stderr
        assert "1 identified" in done.stderr
        asked = questions(server, second)
        assert not set(asked) & set(had)
        assert sorted(asked + had) == sorted(needed)
