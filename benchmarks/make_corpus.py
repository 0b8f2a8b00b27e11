"""Builds a corpus to measure on, from the measuring material: Parquet, JSON lines, WARC, files.

    python benchmarks/make_corpus.py FOLDER --gigabytes 1

Texts without references are pieces of 5 kB of the material's texts, each with a number of its own,
so that nothing packs better than real text. Pages are the material's with all their references cut
out: all of them, and those that are no candidates then. Beside each file lies an empty one of its
kind, to subtract the start-up by.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from _material import make_document, read_lines, read_pages, shared_folder

from embedarchive.forms import FORMS
from embedarchive.scan import scan
from embedarchive.sieve import Sieve

PIECE = 5_000
FILES = 20_000
SHARDS = 8
SHARE = 0.01
"""Of the documents that hold references, in the mixed files."""
_GROUP = 10_000
_ROUNDS = 6


def build(folder: Path, size: int, shared: Path) -> None:
    """Writes all files of `size` bytes each that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = read_lines(shared / "evalset" / "dev.jsonl")
    plain = pieces_without_references(lines)
    marked = [line["text"] for line in lines if line["tweets"]]
    pages = pages_without_references(shared)
    sieve = Sieve(FORMS)
    denied = {name: page for name, page in pages.items() if not sieve.holds(page)}
    makers: dict[str, Any] = {
        "plain.parquet": partial(_parquet, plain, [], size),
        "plain.jsonl": partial(_jsonl, plain, [], size),
        "mixed.parquet": partial(_parquet, plain, marked, size),
        "mixed.jsonl": partial(_jsonl, plain, marked, size),
        "marked.jsonl": partial(_jsonl, [], marked, 0),
        "pages.warc.gz": partial(_warc, pages, size),
        "plain.warc.gz": partial(_warc, denied, size),
        "empty.parquet": partial(_parquet, [], [], 0),
        "empty.jsonl": partial(_jsonl, [], [], 0),
        "empty.warc.gz": partial(_warc, {}, 0),
        "files": partial(_files, plain),
        "shards": partial(_shards, plain, marked, size),
    }
    for name, make in makers.items():
        if not (folder / name).exists():
            print(f"making {name}", flush=True)
            make(folder / name)
    (folder / "none").mkdir(exist_ok=True)
    (folder / "candidates").write_text(f"{1 - len(denied) / len(pages):.1%} of {len(pages)} pages")


def pieces_without_references(lines: Sequence[dict[str, Any]]) -> list[str]:
    """Pieces of real text in which `scan` finds nothing."""
    texts = [line["text"] for line in lines]
    pieces = [
        text[at : at + PIECE] for text in texts for at in range(0, len(text) - PIECE + 1, PIECE)
    ]
    return [piece for piece in pieces if not scan(make_document(piece))]


def pages_without_references(shared: Path) -> dict[str, bytes]:
    """The material's pages with their references cut out."""
    pages: dict[str, bytes] = {}
    for name, source in read_pages(shared).items():
        text = source
        for _ in range(_ROUNDS):
            found = scan(make_document(text, "text/html"))
            if not found:
                pages[name] = text.encode()
                break
            parts = [part for one in found for part in one.parts or ((one.start, one.end),)]
            for start, end in sorted(parts, reverse=True):
                text = text[:start] + text[end:]
    return pages


def documents(
    plain: Sequence[str], marked: Sequence[str], size: int, share: float = SHARE, seed: int = 0
) -> Iterator[str]:
    """Texts of `size` bytes together, of which the share is marked; with 0 each marked one once."""
    draw = random.Random(seed)
    done = number = 0
    if not plain:
        yield from marked
        return
    while done < size:
        number += 1
        text = draw.choice(marked if marked and draw.random() < share else plain)
        text = f"{number} {draw.random()} {text}"
        done += len(text.encode())
        yield text


def _jsonl(plain: Sequence[str], marked: Sequence[str], size: int, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(documents(plain, marked, size)):
            row = {"url": f"https://news.example/{number}", "text": text}
            file.write(json.dumps(row, ensure_ascii=number % 2 == 0) + "\n")


def _parquet(plain: Sequence[str], marked: Sequence[str], size: int, path: Path) -> None:
    schema = pa.schema([("url", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="snappy", use_dictionary=False) as writer:
        held: list[str] = []
        for text in documents(plain, marked, size):
            held.append(text)
            if len(held) == _GROUP:
                writer.write_table(_table(held, schema))
                held = []
        if held:
            writer.write_table(_table(held, schema))


def _table(texts: list[str], schema: pa.Schema) -> pa.Table:
    urls = [f"https://news.example/{number}" for number in range(len(texts))]
    return pa.table({"url": urls, "text": texts}, schema=schema)


def _warc(pages: dict[str, bytes], size: int, path: Path) -> None:
    done = number = 0
    with path.open("wb") as file:
        while done < size:
            for name, page in pages.items():
                number += 1
                block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%d" % number + page
                head = (
                    f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
                    f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
                    f"WARC-Target-URI: https://news.example/{name}/{number}\r\n"
                    f"Content-Type: application/http; msgtype=response\r\n"
                    f"Content-Length: {len(block)}\r\n\r\n"
                )
                file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))
                done += len(block)


def _files(plain: Sequence[str], path: Path) -> None:
    draw = random.Random(1)
    for number in range(FILES):
        folder = path / f"{number // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"{number} {draw.choice(plain)}"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def _shards(plain: Sequence[str], marked: Sequence[str], size: int, path: Path) -> None:
    path.mkdir()
    for shard in range(SHARDS):
        texts = documents(plain, marked, size // SHARDS, seed=shard + 2)
        with (path / f"{shard}.jsonl").open("w", encoding="utf-8") as file:
            for text in texts:
                file.write(json.dumps({"text": text}) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--shared", help="folder of the measuring material")
    chosen = parser.parse_args()
    build(chosen.folder, int(chosen.gigabytes * 1e9), shared_folder(chosen.shared))


if __name__ == "__main__":
    main()
