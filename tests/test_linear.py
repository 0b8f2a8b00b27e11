"""Every compiled pattern of the package takes time in proportion to the text, whatever the text.

The patterns are found by walking the modules, so that a new one is judged without a word here.
Each is searched for in texts made of its own characters, and of what hostile pages are made of; one
that the code only ever matches at a place is matched there.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser
from typing import Any

import pytest

import embedarchive
from tests.timing import assert_linear, seconds

LENGTH = 6_000
"""Characters. Time in their square, at 10 ns each, would be a third of a second."""
QUICK = 0.004
"""Seconds that a text of that length may take without being looked at closer."""
FAMILIES = (
    *("<a ", "<!--", "<blockquote>", "&amp;", "&", "(@", "@a", "](", "[", "{{", "{%", "|", "\\"),
    *("// ", "/", "http://", "a.", "a-", "%2F", "=", '="', "'", '"', "— ", "-", "\n", " ", "\r\n"),
    *("> ", "\t", "é", "字", "1", "1.", "10:10 ", "May 2, 2020", "a", "A a ", "_", "*", "`", "~"),
)


def _patterns() -> dict[str, re.Pattern[Any]]:
    """Where it lies → pattern; of equal ones the first."""
    found: dict[str, re.Pattern[Any]] = {}
    seen: set[tuple[Any, int]] = set()
    for info in pkgutil.walk_packages(embedarchive.__path__, "embedarchive."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, pattern in _within(vars(module), info.name.removeprefix("embedarchive.")):
            if (pattern.pattern, pattern.flags) not in seen:
                seen.add((pattern.pattern, pattern.flags))
                found[name] = pattern
    return found


def _within(values: dict[str, Any], where: str) -> Iterator[tuple[str, re.Pattern[Any]]]:
    for name, value in values.items():
        yield from _reached(value, f"{where}.{name}", depth=4)


def _reached(value: object, where: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns in a module's value: in tuples, dicts, classes, and objects of the package."""
    if isinstance(value, re.Pattern):
        yield where, value
    elif not depth:
        return
    elif isinstance(value, tuple | list | frozenset | set):
        for at, item in enumerate(value):
            yield from _reached(item, f"{where}[{at}]", depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _reached(item, f"{where}[{key!r}]", depth - 1)
    elif _is_ours(value) and hasattr(value, "__dict__"):
        for name, item in vars(value).items():
            yield from _reached(item, f"{where}.{name}", depth - 1)


def _is_ours(value: object) -> bool:
    kind = value if isinstance(value, type) else type(value)
    return kind.__module__.startswith("embedarchive")


PATTERNS = _patterns()
BOUNDED = {
    "tokenizer.states._TAG": "an unfinished tag ends the search; tests/test_tokenizer.py",
    "twitter_text.urls.LABELS": "matched at a place; tests/test_twitter_text.py",
    "twitter_text.urls.LATIN_LABELS": "matched at a place; tests/test_twitter_text.py",
    "forms._quote._TIME_BEHIND": "80 characters",
    "flattened.attributions._BROKEN": "a URL of 600 characters",
    "forms._widget._BADGE": "a line of 1,200 characters",
    "forms.substack_text._LINK": "a card of 1,500 characters",
    "patterns._TOKEN": "the patterns of the package itself",
}
"""Patterns that are searched for in what is never long, or otherwise bounded."""


def _uses() -> dict[str, set[str]]:
    """A private name with its module, or a public one → the methods that are called on it.

    By the syntax trees of the package.
    """
    uses: defaultdict[str, set[str]] = defaultdict(set)
    for folder in embedarchive.__path__:
        for path in Path(folder).rglob("*.py"):
            module = ".".join(path.relative_to(folder).with_suffix("").parts)
            module = module.removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Attribute):
                    continue
                if isinstance(node.value, ast.Name):
                    uses[f"{module}.{node.value.id}"].add(node.attr)
                    uses[node.value.id].add(node.attr)
                elif isinstance(node.value, ast.Attribute):
                    uses[node.value.attr].add(node.attr)
    return uses


USES = _uses()
AT_A_PLACE = {"match", "fullmatch"}
METHODS = AT_A_PLACE | {"search", "finditer", "findall", "sub", "subn", "split"}


def _is_searched(name: str) -> bool:
    """Whether it may be looked for all over a text."""
    last = name.rpartition(".")[2]
    uses = USES.get(name if last.startswith("_") else last, set()) & METHODS
    return not uses or not uses <= AT_A_PLACE


def _samples(tree: Any, budget: list[int]) -> Iterator[str]:
    """What each part of a pattern may match, one short text a part."""
    for op, value in tree:
        if budget[0] <= 0:
            return
        budget[0] -= 1
        if op in (sre.LITERAL, sre.NOT_LITERAL):
            yield chr(value) if op is sre.LITERAL else chr(value ^ 1)
        elif op is sre.IN:
            yield _member(value)
        elif op is sre.ANY:
            yield "a"
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield "".join(_samples(branch, budget))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield "".join(_samples(value[2], budget)) * min(max(value[0], 1), 3)
        elif op is sre.SUBPATTERN:
            yield "".join(_samples(value[3], budget))
        elif op is sre.ATOMIC_GROUP:
            yield "".join(_samples(value, budget))
        elif op is sre.ASSERT:
            yield "".join(_samples(value[1], budget))


def _member(items: Any) -> str:
    for op, value in items:
        if op is sre.LITERAL:
            return chr(value)
        if op is sre.RANGE:
            return chr(value[0])
        if op is sre.CATEGORY:
            return {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " "}.get(value, "a")
    return "a"


def _pumps(pattern: re.Pattern[Any]) -> list[str]:
    text = pattern.pattern
    source = text.decode("latin-1") if isinstance(text, bytes) else text
    flags = pattern.flags & (re.VERBOSE | re.IGNORECASE | re.DOTALL | re.MULTILINE)
    parts = [part for part in _samples(sre_parser.parse(source, flags), [120]) if part]
    parts = list(dict.fromkeys(parts))[:14]
    whole = "".join(parts)
    pairs = ("".join(pair) for pair in itertools.permutations(parts[:7], 2))
    beginnings = (whole[:length] for length in range(1, min(len(whole), 12)))
    own = dict.fromkeys([*parts, *beginnings, whole, whole[:-1], f"{whole}\n", f"{whole} ", *pairs])
    return [pump for pump in (*own, *FAMILIES) if pump]


def _text(pattern: re.Pattern[Any], pump: str, length: int) -> Any:
    text: Any = pump * (length // len(pump) + 1)
    if isinstance(pattern.pattern, bytes):
        text = text.encode("utf-8", "replace")
    return text


def _use(pattern: re.Pattern[Any], is_searched: bool, text: Any) -> None:
    if is_searched:
        for _ in pattern.finditer(text):
            pass
    else:
        pattern.match(text)
        pattern.fullmatch(text)


def test_there_are_patterns_to_judge() -> None:
    assert len(PATTERNS) > 200
    assert "tokenizer.states._TAG" in PATTERNS
    assert "forms.flattened._LINK_TARGET" in PATTERNS


def test_exceptions_are_still_there() -> None:
    assert BOUNDED.keys() <= PATTERNS.keys()


@pytest.mark.parametrize("name", [name for name in PATTERNS if name not in BOUNDED])
def test_time_is_linear(name: str) -> None:
    pattern = PATTERNS[name]
    use = partial(_use, pattern, _is_searched(name))
    for pump in _pumps(pattern):
        make = partial(_text, pattern, pump)
        if seconds(partial(use, make(LENGTH))) >= QUICK:
            assert_linear(use, make, LENGTH, pump)
