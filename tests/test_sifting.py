"""A sieve is asked where one is there and pays, and what is read with it holds the same."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive import sieve, sifting
from embedarchive.documents import read_all
from embedarchive.forms import FORMS
from embedarchive.models import Reading, Reference
from embedarchive.scan import scan
from embedarchive.sieve import Sieve
from tests.making_crawls import record
from tests.test_sieve import CONTENTS


def test_without_the_extra_nothing_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sifting, "is_fast", lambda: False)
    monkeypatch.setattr(sifting, "_plain", sifting._Judge(is_json=False))
    monkeypatch.setattr(sifting, "_json", sifting._Judge(is_json=True))
    raw = b"no reference here. " * 2_000_000
    assert sifting.is_candidate(raw)
    assert list(sifting.json_candidate_rows(raw, [0, 10])) == [0]
    assert list(sifting.candidate_rows(raw, [0, 10, 20])) == [0, 1]


def test_a_sieve_is_made_when_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("hyperscan")
    monkeypatch.setattr(sifting, "_plain", sifting._Judge(is_json=False))
    assert sifting.is_candidate(b"no reference here")
    assert not sifting.is_candidate(b"no reference here. " * 2_000_000)
    assert not sifting.is_candidate(b"no reference here")
    assert sifting.is_candidate(b"see https://x.com/a/status/1657692617044922369")


def test_a_sieve_that_was_made_before_pays_sooner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("hyperscan")
    monkeypatch.setattr(sieve, "user_cache_path", lambda name: tmp_path)
    raw = b"no reference here. " * 50_000
    for is_kept in (False, True):
        monkeypatch.setattr(sifting, "_plain", sifting._Judge(is_json=False))
        sifting.is_candidate(raw)
        assert sifting.is_candidate(b"no reference here") != is_kept
        Sieve(FORMS)  # keeps what it compiles


def _as_jsonl(texts: list[str], folder: Path) -> Path:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return path


def _as_csv(texts: list[str], folder: Path) -> Path:
    path = folder / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["text"], *([text] for text in texts)])
    return path


def _as_parquet(texts: list[str], folder: Path) -> Path:
    pq = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    path = folder / "a.parquet"
    pq.write_table(pa.table({"text": pa.array(texts, pa.string())}), path, row_group_size=2)
    return path


def _as_warc(texts: list[str], folder: Path) -> Path:
    pytest.importorskip("fastwarc")
    path = folder / "a.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record(text.encode())) for text in texts))
    return path


def _as_files(texts: list[str], folder: Path) -> Path:
    for number, text in enumerate(texts):
        suffix, encoding = (("txt", "utf-8"), ("html", "utf-16"), ("md", "utf-8"))[number % 3]
        (folder / f"{number}.{suffix}").write_bytes(text.encode(encoding))
    return folder


@settings(deadline=None, max_examples=40)
@given(
    st.lists(CONTENTS, max_size=5),
    st.sampled_from([_as_jsonl, _as_csv, _as_parquet, _as_warc, _as_files]),
)
def test_each_container_holds_the_same_with_it_and_without(
    texts: list[str], write: Callable[[list[str], Path], Path]
) -> None:
    pytest.importorskip("hyperscan")
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        source = str(write(texts, Path(folder)))
        for name, is_json in (("_plain", False), ("_json", True)):
            patch.setattr(sifting, name, _Ready(_SIEVES[is_json]()))
        every, sifted = (
            _found(source, reading) for reading in (Reading(), sifting.sifted(Reading()))
        )
    assert sifted == every


class _Ready:
    def __init__(self, ready: Sieve) -> None:
        self._ready = ready

    def sieve(self, size: int) -> Sieve:
        return self._ready


_SIEVES = {is_json: cache(partial(Sieve, FORMS, is_json=is_json)) for is_json in (False, True)}


def _found(source: str, reading: Reading) -> list[tuple[str, Reference]]:
    return [
        (document.uri, reference)
        for document in read_all([source], replace(reading, on_bad=lambda error: None))
        for reference in scan(document)
    ]
