"""Large scans: the same rows whoever does the work; what is done is skipped, none half-written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive import units as module
from embedarchive import worker
from embedarchive.bulk import Workforce, scan_in_order, scan_to_parquet
from embedarchive.errors import UsageError
from embedarchive.models import Document, Reading, Reference
from embedarchive.parts import METADATA, Summary, parts_in
from embedarchive.scan import scan
from embedarchive.units import Options, units_of
from tests.command import ROOT, run
from tests.making import make_document
from tests.making_crawls import POST

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from embedarchive.table import SCHEMA, batch_of, reference_of, rows_of, scan_batch  # noqa: E402

Found = Iterator[tuple[Document, list[Reference]]]
CASES = [
    json.loads(line)
    for path in sorted((ROOT / "tests" / "cases" / "forms").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


class Silent:
    """A progress that counts what it is told."""

    def __init__(self) -> None:
        self.read = 0

    @contextmanager
    def stage(self, words: str, total: int | None = None) -> Iterator[Callable[[], None]]:
        yield lambda: None

    @contextmanager
    def reading(
        self, words: str, size: Callable[[], int | None]
    ) -> Iterator[Callable[[int], None]]:
        def count(number: int) -> None:
            self.read += number

        yield count


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three files, each a unit of its own."""
    monkeypatch.setattr(module, "_LARGE", 1)
    names = []
    for number in range(3):
        path = tmp_path / f"{number}.jsonl"
        texts = [f"{number}: see {POST[:-1]}{line} there" for line in range(4)] + ["nothing"] * 3
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
        names.append(str(path))
    return names


def to_parquet(
    sources: Sequence[str], out: Path, workforce: Workforce | None = None, **options: Any
) -> list[Summary]:
    done: list[Summary] = []
    scan_to_parquet(
        sources, Options(**options), out, workforce or Workforce(), Silent(), done.append
    )
    return done


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_a_file_of_references(corpus: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = to_parquet(corpus, out)
    file = pq.ParquetFile(out)
    assert file.schema_arrow.equals(SCHEMA)
    found = rows(out)
    assert [row["uri"] for row in found] == [
        f"{name}#{row}" for name in corpus for row in range(1, 5)
    ]
    assert {row["form"] for row in found} == {"status_url"}
    told = json.loads(file.metadata.metadata[METADATA])
    assert (told["references"], told["bad"]) == (12, 0)
    assert told["documents"] + told["skipped"] == 21
    digests = [f"sha256:{sha256(Path(name).read_bytes()).hexdigest()}" for name in corpus]
    assert [unit["digest"] for unit in told["units"]] == digests
    assert sum(summary.references for summary in done) == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(Path(name).name for name in corpus), "out.parquet"]
    )


def test_what_is_done_is_not_done_again(
    corpus: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    to_parquet(corpus, out)
    before = out.read_bytes()
    scanned: list[str] = []
    original = worker.find

    def note(document: Document, reading: Reading) -> Found:
        scanned.append(document.uri)
        return original(document, reading)

    monkeypatch.setattr(worker, "find", note)
    again = to_parquet(corpus, out)
    assert (scanned, out.read_bytes()) == ([], before)
    assert sum(summary.references for summary in again) == 12
    Path(corpus[1]).write_text(json.dumps({"text": f"changed: {POST}"}) + "\n")
    to_parquet(corpus, out)
    assert scanned == [f"{corpus[1]}#1"]
    assert len(rows(out)) == 9
    assert rows(out)[4]["raw"] == POST
    scanned.clear()
    to_parquet(corpus[:2], out, min_confidence=0.5)
    assert {uri.partition("#")[0] for uri in scanned} == set(corpus[:2])


def test_an_interrupted_run_goes_on(
    corpus: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    original = worker.find
    calls = 0

    def stop(document: Document, reading: Reading) -> Found:
        nonlocal calls
        calls += 1
        if calls == 10:
            raise KeyboardInterrupt
        return original(document, reading)

    monkeypatch.setattr(worker, "find", stop)
    with pytest.raises(KeyboardInterrupt):
        to_parquet(corpus, out)
    assert not out.exists()
    assert len(list((tmp_path / "out.parquet.parts").glob("*.parquet"))) == 1
    assert not list((tmp_path / "out.parquet.parts").glob("*.tmp"))
    calls = 100
    to_parquet(corpus, out)
    assert len(rows(out)) == 12
    assert not (tmp_path / "out.parquet.parts").exists()


@pytest.mark.parametrize("content", [b"", b"no Parquet", b"PAR1PAR1"])
def test_a_file_that_is_none_of_ours_is_written_anew(
    content: bytes, corpus: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"
    out.write_bytes(content)
    assert parts_in(out) == {}
    to_parquet(corpus, out)
    assert len(rows(out)) == 12


def test_two_processes_find_the_same(corpus: list[str], tmp_path: Path) -> None:
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    to_parquet(corpus, one)
    to_parquet(corpus, two, Workforce(jobs=2))
    assert rows(two) == rows(one)
    silent = Silent()
    in_order = list(
        scan_in_order(corpus, Options(), Workforce(jobs=2), silent, lambda summary: None)
    )
    assert in_order == rows(one)
    assert silent.read == sum(Path(name).stat().st_size for name in corpus)


def test_small_files_share_a_unit(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"{number:03}.txt").write_text("x")
    units = list(units_of([str(tmp_path), "-", "https://news.example/"], Options()))
    assert [len(unit.sources) for unit in units] == [512, 88, 1, 1]
    assert [unit.key is None for unit in units] == [False, False, True, True]
    assert len({unit.name for unit in units}) == 4


def test_an_engine_that_there_is_not(corpus: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--engine: spark is none of local, ray"):
        to_parquet(corpus, tmp_path / "out.parquet", Workforce(engine="spark"))


def test_bad_input_is_named_and_the_rest_done(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{POST}"}}\nno JSON but {POST}\n')
    (tmp_path / "b.parquet").write_bytes(b"PAR1")
    (tmp_path / "c.txt").write_text(POST)
    out = tmp_path / "out.parquet"
    sources = [tmp_path / name for name in ("a.jsonl", "b.parquet", "c.txt", "none.txt")]
    for _ in range(2):  # what is skipped is still told
        result = run("scan", *sources, "--to-parquet", out)
        assert result.returncode == 3, result.stderr
        assert "a.jsonl: row 2" in result.stderr
        assert "b.parquet: no Parquet" in result.stderr
        assert "none.txt: cannot be read" in result.stderr
        assert "2 references in 2 articles; 3 could not be read" in result.stderr
        assert result.stdout == ""
        assert len(rows(out)) == 2


def test_the_command_line_prints_the_same_with_many_processes(tmp_path: Path) -> None:
    sources = sorted((ROOT / "examples").iterdir())
    one = run("scan", *sources, "--nl")
    two = run("scan", *sources, "--nl", "--jobs", "2")
    assert two.stderr == one.stderr == ""
    assert two.stdout == one.stdout != ""
    only = run("scan", *sources, "--nl", "--jobs", "2", "--kind", "link", "-c", "kind")
    assert set(only.stdout.splitlines()) == {'{"kind": "link"}'}


@pytest.mark.parametrize(
    "flags",
    [("--to-parquet", "x", "--nl"), ("--jobs", "2", "--highlight"), ("--address", "x")],
)
def test_what_does_not_go_together(flags: tuple[str, ...]) -> None:
    assert run("scan", "examples", *flags).returncode == 2


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    result = run("scan", "examples", "--to-parquet", tmp_path / "no" / "out.parquet")
    assert result.returncode == 3
    assert "cannot be written: No such file" in result.stderr


@settings(deadline=None)
@given(st.lists(st.sampled_from(CASES), min_size=1, max_size=6))
def test_rows_hold_all_of_a_reference(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        document = make_document(case["content"], case.get("media_type", "text/plain"))
        references = scan(document)
        stored = batch_of(rows_of(document, references)).to_pylist()
        assert [reference_of(row) for row in stored] == references


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(CASES).map(lambda case: case["content"]),
            st.sampled_from(["text/plain", "text/markdown", "text/html"]),
        ),
        max_size=5,
    )
)
def test_a_batch_is_scanned_like_its_articles(articles: list[tuple[str, str]]) -> None:
    batch = pa.RecordBatch.from_pydict(
        {
            "uri": [f"article-{number}" for number in range(len(articles))],
            "text": pa.array([text for text, _ in articles], pa.string()),
            "media_type": pa.array([media_type for _, media_type in articles], pa.string()),
        }
    )
    scanned = scan_batch(batch)
    assert scanned.schema.equals(SCHEMA)
    expected = [
        (f"article-{number}", reference)
        for number, (text, media_type) in enumerate(articles)
        for reference in scan(make_document(text, media_type))
    ]
    assert [(row["uri"], reference_of(row)) for row in scanned.to_pylist()] == expected


def test_articles_without_names_are_counted() -> None:
    batch = pa.RecordBatch.from_pydict({"body": ["nothing", None, f"see {POST}"]})
    (row,) = scan_batch(batch).to_pylist()
    assert (row["uri"], row["start"]) == ("#3", 4)
    other = pa.RecordBatch.from_pydict({"words": [POST], "id": [7]})
    (row,) = scan_batch(other, field="words", uri="id").to_pylist()
    assert row["uri"] == "7"
