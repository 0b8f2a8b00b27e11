"""Files in pieces: together they give what the file gives, wherever it is cut."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import sys
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.documents import divisible, read_all
from embedarchive.models import Document, Piece, Reading
from tests.command import ROOT, run
from tests.making_crawls import POST, record

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from embedarchive import units, worker  # noqa: E402
from embedarchive.bulk import Workforce, scan_in_order  # noqa: E402
from embedarchive.engines import ray  # noqa: E402
from embedarchive.parts import METADATA, Summary  # noqa: E402
from embedarchive.units import Options, units_of  # noqa: E402
from tests.test_bulk import Found, Silent, rows, to_parquet  # noqa: E402

LINES = (
    b'{"text": "a"}',
    b'{"text": "b \\u2014 c", "url": "https://news.example/1"}',
    b"\xef\xbb\xbf" + b'{"text": "behind a mark of the byte order"}',
    b"no JSON",
    b'{"text": 7}',
    b'{"text": "\xff"}',
    b'{"text": ""}',
    b"",
    b"  ",
    b'{"text": "' + b"x" * 60 + b'"}',
    b"x" * 200,
)


def told(path: Path, piece: Piece | None, before: int) -> tuple[list[Any], int]:
    """What is read of a piece behind so many rows, with all errors; and how many come to those."""
    found: list[Any] = []
    counted = [0]

    def keep(document: Document) -> tuple[Any, ...]:
        origin = document.origin
        assert origin is not None
        assert document.uri == f"{path}#{origin.row}"
        return (origin.row or 0) + before, origin.offset, origin.url, document.text

    reading = Reading(
        on_bad=lambda error: found.append(
            (getattr(error, "row", 0) + before, getattr(error, "offset", 0), str(error)[-30:])
        ),
        on_rows=counted.append,
    )
    found.extend(keep(document) for document in read_all([str(path)], reading, piece=piece))
    return sorted(found), counted[-1]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.sets(st.integers(1, 800), max_size=6),
    st.sampled_from([5, 64, 100]),
)
def test_lines_are_in_one_piece_each(
    tmp_path_factory: pytest.TempPathFactory,
    lines: Sequence[bytes],
    end: bytes,
    is_ended: bool,
    cuts: set[int],
    buffer: int,
) -> None:
    content = end.join(lines) + (end if is_ended else b"")
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(content)
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    with (
        mock.patch("embedarchive.readers._lines.BUFFER", buffer),
        mock.patch("embedarchive.readers._lines.MAX_RECORD", 100),
    ):
        whole, _ = told(path, None, 0)
        pieces: list[Any] = []
        before = 0
        for start, stop in pairwise(places):
            found, more = told(path, Piece(start, stop), before)
            pieces += found
            before += more
            assert before == content[:stop].count(b"\n") or stop == len(content)
    assert pieces == whole


@pytest.mark.parametrize("groups", [1, 2, 5])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_row_groups_are_in_one_piece_each(groups: int, count: int, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"text {number}" for number in range(10)]})
    pq.write_table(table, path, row_group_size=10 // groups)
    size = path.stat().st_size
    places = [size * number // count for number in range(count + 1)]
    texts: list[str] = []
    keys: list[str] = []
    for piece in (Piece(*pair) for pair in pairwise(places)):
        for document in read_all([str(path)], Reading(), piece=piece):
            texts.append(document.text)
            keys.append(document.uri)
    assert texts == table.column("text").to_pylist()
    assert keys == [f"{path}#{row}" for row in range(1, 11)]


FILES = {
    "a.jsonl": (b'{"text": "a"}\n', "jsonl"),
    "a.unknown": (b'{"text": "a"}\n{"text": "b"}\n', "jsonl"),
    "packed.jsonl": (gzip.compress(b'{"text": "a"}\n'), None),
    "a.csv": (b"text\na\n", None),
    "a.warc": (record(), None),
    "a.txt": (b"a", None),
}


@pytest.mark.parametrize("name", FILES)
def test_what_can_be_read_in_pieces(name: str, tmp_path: Path) -> None:
    content, reader = FILES[name]
    (tmp_path / name).write_bytes(content)
    found = divisible(str(tmp_path / name))
    assert (found.name if found else None) == reader
    named = divisible(str(tmp_path / name), Reading(format="text"))
    assert named is None


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files that make many pieces each, among small ones; some lines are broken."""
    monkeypatch.setattr(units, "_LARGE", 2_000)
    monkeypatch.setattr(units, "_PIECE", 1_500)
    names = [tmp_path / name for name in ("a.jsonl", "b.txt", "c.jsonl", "d.parquet", "e.jsonl.gz")]
    for number, path in enumerate(names[:3:2]):
        with path.open("wb") as file:
            for line in range(120):
                text = f"{number}: <p>see {POST[:-3]}{line:03}</p> there, {'x' * (line * 7 % 90)}"
                file.write(json.dumps({"text": text}).encode() + b"\n" * (1 + line % 3 // 2))
                if line % 20 == 7:
                    file.write(b'{"text": broken ' + b"y" * 3_000 * (line // 100) + b"\n")
    names[1].write_text(POST)
    table = pa.table({"text": [f"{POST[:-3]}{row:03} {row * 'x'}" for row in range(100)]})
    pq.write_table(table, names[3], row_group_size=9, compression="none", use_dictionary=False)
    names[4].write_bytes(gzip.compress(names[0].read_bytes()))
    return [str(path) for path in names]


def whole(corpus: Sequence[str], out: Path) -> list[Summary]:
    """The same without pieces."""
    with mock.patch.object(units, "divisible", return_value=None):
        return to_parquet(corpus, out)


def test_the_same_in_pieces_whoever_reads_them(corpus: list[str], tmp_path: Path) -> None:
    out, one, three = (tmp_path / f"{name}.out" for name in ("whole", "one", "three"))
    expected = whole(corpus, out)
    found = to_parquet(corpus, one)
    to_parquet(corpus, three, Workforce(jobs=3))
    assert len(found) > 20 > len(expected)
    assert rows(one) == rows(out)
    assert three.read_bytes() == one.read_bytes()
    assert messages(found) == messages(expected)
    assert sum(summary.bad for summary in expected) == 18
    done: list[Summary] = []
    in_order = scan_in_order(corpus, Options(), Workforce(jobs=3), Silent(), done.append)
    assert list(in_order) == rows(out)
    assert messages(done) == messages(expected)


def messages(summaries: Sequence[Summary]) -> list[str]:
    return sorted(message for summary in summaries for message in summary.messages)


def test_pieces_that_are_done_are_not_done_again(
    corpus: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, expected = tmp_path / "out", tmp_path / "expected"
    to_parquet(corpus, expected)
    original, seen = worker.find, []

    def stop(document: Document, reading: Reading) -> Found:
        seen.append(document.uri)
        if len(seen) == 100:
            raise KeyboardInterrupt
        return original(document, reading)

    with monkeypatch.context() as patched:
        patched.setattr(worker, "find", stop)
        with pytest.raises(KeyboardInterrupt):
            to_parquet(corpus, out)
        parts = len(list((tmp_path / "out.parts").glob("*.parquet")))
        assert parts > 3
        to_parquet(corpus, out)
    assert out.read_bytes() == expected.read_bytes()
    # The pieces of a file are still its own when another comes before it.
    before = tmp_path / "0.txt"
    before.write_text(POST)
    done = to_parquet([str(before), *corpus], out)
    assert rows(out)[1:] == rows(expected)
    assert messages(done) == messages(to_parquet(corpus, expected))


def test_each_piece_has_a_digest(corpus: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    to_parquet(corpus[:1], out)
    told = json.loads(pq.read_metadata(out).metadata[METADATA])
    content = Path(corpus[0]).read_bytes()
    assert [unit["piece"][0] for unit in told["units"]][:2] == [0, told["units"][0]["piece"][1]]
    for unit in told["units"]:
        start, stop = unit["piece"]
        assert unit["digest"] == f"sha256:{sha256(content[start:stop]).hexdigest()}"
    assert told["units"][-1]["piece"][1] == len(content)


def test_a_file_that_is_named_twice_is_read_once(corpus: list[str], tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    to_parquet(corpus[:2], once)
    to_parquet([*corpus[:2], corpus[0]], twice)
    assert twice.read_bytes() == once.read_bytes()


def test_a_huge_file_has_no_more_pieces_than_are_of_use(
    corpus: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "_MOST_PIECES", 3)
    found = list(units_of(corpus[:1], Options()))
    assert len(found) == 3
    assert sum(unit.size for unit in found) == Path(corpus[0]).stat().st_size


def test_a_piece_travels_to_another_machine(
    corpus: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ray Data hands it to a worker that began elsewhere, and what came of it to the caller."""
    folder, name = os.path.split(corpus[0])
    monkeypatch.chdir(folder)
    unit = list(units_of([name], Options()))[2]
    monkeypatch.chdir(tmp_path)
    row = ray.Scanner(Options(), False, folder)({"unit": pickle.dumps(unit)})
    same, summary = pickle.loads(row["done"])
    assert same == unit
    path = tmp_path / "there.parquet"
    path.write_bytes(row["file"])
    here = worker.scan_unit(
        unit, Options(), tmp_path / "here.parquet", on_bytes=lambda count: None, is_kept=False
    )
    assert (summary, rows(path)) == (here, rows(tmp_path / "here.parquet"))
    assert summary.piece == unit.piece


def test_pandas_is_imported_by_nobody(tmp_path: Path) -> None:
    """pyarrow would import it in each process, to ask of lists whether they are its columns."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "pandas.py").write_text(
        'import os; open(os.environ["TOLD"], "a").close()\n__version__ = "3.0"'
    )
    told, source, out = tmp_path / "told", tmp_path / "a.jsonl", tmp_path / "out.parquet"
    source.write_text(json.dumps({"text": POST}) + "\n")
    environment = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "TOLD": str(told)}
    for jobs in ("1", "2"):
        done = run("scan", source, "--to-parquet", out, "--jobs", jobs, env=environment)
        assert done.returncode == 0, done.stderr
        assert len(rows(out)) == 1
        out.unlink()
    assert not told.exists()


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="such names cannot be made there")
def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    """Its odd bytes are escapes, in Parquet and as it is printed, as in the archive."""
    folder, out = tmp_path / "site", tmp_path / "out.parquet"
    folder.mkdir()
    (folder / os.fsdecode(b"a\xff.txt")).write_text(POST)
    done = run("scan", folder, "--to-parquet", out)
    assert done.returncode == 0, done.stderr
    assert [Path(row["uri"]).name for row in rows(out)] == [r"a\udcff.txt"]
    for form in ("--nl", "--csv", "--table"):
        one, two = [run("scan", folder, form, "--jobs", jobs) for jobs in ("1", "2")]
        assert (one.returncode, one.stderr) == (0, "")
        assert one.stdout == two.stdout
    printed = run("scan", folder, "-c", "uri").stdout
    assert json.loads(printed) == [{"uri": rows(out)[0]["uri"]}]


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="such names cannot be made there")
def test_pieces_of_a_name_that_is_no_utf8(corpus: list[str], tmp_path: Path) -> None:
    odd, one = tmp_path / os.fsdecode(b"\xff.jsonl"), tmp_path / "one.out"
    os.rename(corpus[0], odd)
    expected = whole([str(odd)], tmp_path / "whole.out")
    found = to_parquet([str(odd)], one)
    assert len(found) > len(expected) == 1
    names = [row["uri"] for row in rows(one)]
    assert names == [row["uri"] for row in rows(tmp_path / "whole.out")]
    assert Path(names[-1]).name == rf"\udcff.jsonl#{rows(one)[-1]['row']}"
