"""Runs the cases of a backend: a recorded or invented answer, and what must be read from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from embedarchive.errors import UnexpectedResponse
from embedarchive.models import Answer

_SHELF = Path(__file__).parent / "cases" / "backends"


def cases(name: str) -> list[Any]:
    """The cases of `tests/cases/backends/NAME.jsonl`, as parameters.

    `expect` holds attribute paths of the answer with the values there, `count:PATH` for lengths,
    `links` for [type, words, url] of each entity, and `text` and `codes` of the embed; or, alone,
    `error` with words of the UnexpectedResponse.
    """
    lines = (_SHELF / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines]
    return [
        pytest.param(case, id=f"{number}-{case['note'][:40]}")
        for number, case in enumerate(read, 1)
    ]


def check(case: dict[str, Any], parse: Callable[[str, bytes, int], Answer]) -> None:
    """Parse the case's answer and compare."""
    body = case["raw"] if "raw" in case else json.dumps(case["body"])
    expect = case["expect"]
    if "error" in expect:
        with pytest.raises(UnexpectedResponse) as caught:
            parse(case["id"], body.encode(), case["status"])
        assert expect["error"] in str(caught.value)
        assert caught.value.payload == body.encode()
        return
    answer = parse(case["id"], body.encode(), case["status"])
    for path, value in expect.items():
        assert _found(answer, path) == value, path


def _found(answer: Answer, path: str) -> Any:
    embed = answer.embed
    if path == "links":
        return [[e.type, embed.text[e.start : e.end], e.url] for e in embed.entities]
    if path == "codes":
        return list(embed.codes)
    counted, _, path = path.rpartition(":")
    value: Any = embed if path == "text" else answer
    for name in path.split("."):
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    if counted:
        return len(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
