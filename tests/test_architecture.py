"""Who may import whom: read from the syntax trees, so that no import has to happen for it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import embedarchive

PACKAGE = Path(embedarchive.__file__).parent

ROWS: tuple[tuple[str, ...], ...] = (
    ("cli",),
    ("pipeline", "bulk"),
    ("intake",),
    ("engines",),
    ("worker",),
    ("parts", "excerpts"),
    ("units",),
    ("table",),
    ("visiting",),
    ("report", "finding"),
    ("documents", "scan", "resolve", "judging", "capture", "store", "render"),
    ("sifting",),
    ("prefilter", "sieve"),
    ("joining", "merging", "conditions"),
    ("readers", "forms", "resolvers", "backends", "schema"),
    (
        "networks",
        "net",
        "cdx",
        "projection",
        "flattened",
        "charset",
        "texts",
        "article_text",
        "align",
        "schedule",
        "budget",
        "remembered",
        "differences",
        "pool",
        "processes",
        "streams",
    ),
    (
        "codec",
        "config",
        "credentials",
        "errors",
        "inflate",
        "marks",
        "models",
        "patterns",
        "snowflake",
        "terms",
        "tokenizer",
        "twitter_text",
    ),
)
"""Imports point down only; modules in one row do not know each other."""

FOUNDATION = {"models", "errors", "snowflake", "terms"}
"""The values themselves: every module of the lowest row may build on them."""

IMPORTS_NOTHING = {"errors", "terms"}
"""So everybody may import them, their own row included."""

THIRD_PARTY = {
    "cli": {"typer", "rich"},
    "render": {"jinja2", "markdown_it", "markupsafe"},
    "store": {"sqlite_utils", "filelock"},
    "schema": {"sqlite_utils"},
    "net": {"httpx", "httpcore", "stamina"},
    "charset": {"charset_normalizer"},
    "sieve": {"hyperscan", "platformdirs"},
    "readers": {"fastwarc", "pyarrow", "deflate"},
    "table": {"pyarrow"},
    "parts": {"pyarrow"},
    "excerpts": {"pyarrow"},
    "engines": {"ray"},
    "config": {"platformdirs"},
    "article_text": {"trafilatura"},
    "inflate": {"isal"},
    "streams": {
        "compression",
        "backports",
    },  # the standard library of Python 3.14, and its backport
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The first name below the package: `forms` for `forms/blockquote.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def row_of(part: str) -> int:
    return next(number for number, row in enumerate(ROWS) if part in row)


def imports_of(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Each imported name, absolute, with its statement; those for type checkers only included."""
    package = ("embedarchive", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            if module == "embedarchive":
                yield from ((f"{module}.{alias.name}", node) for alias in node.names)
            else:
                yield module, node


def test_every_part_has_a_row() -> None:
    parts = {part_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert parts <= {part for row in ROWS for part in row}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    part = part_of(path)
    if part in ("__init__", "__main__"):
        return
    for name, node in imports_of(path):
        root, *rest = name.split(".")
        if root != "embedarchive":
            continue
        other = rest[0]
        if other in (part, "__version__"):
            continue
        is_value = (other in FOUNDATION and part not in FOUNDATION) or other in IMPORTS_NOTHING
        allowed = row_of(other) > row_of(part) or is_value
        assert allowed, f"{path.name}:{node.lineno}: {part} must not import {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_third_parties_stay_where_they_belong(path: Path) -> None:
    allowed = THIRD_PARTY.get(part_of(path), set())
    for name, node in imports_of(path):
        root = name.split(".")[0]
        if root == "embedarchive" or root in sys.stdlib_module_names:
            continue
        assert root in allowed, f"{path.name}:{node.lineno}: {root} is not for this module"


def _only_tidies_up(handler: ast.ExceptHandler) -> bool:
    """Whether it lets everything through that it catches."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_house_rules(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path}: no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and not _only_tidies_up(node):
            caught = node.type
            names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
            for name in names:
                assert name is not None, f"{path}:{node.lineno}: bare except"
                assert getattr(name, "id", "") not in ("Exception", "BaseException"), (
                    f"{path}:{node.lineno}: catches everything"
                )
    assert path.stem not in ("utils", "helpers", "common")


def test_start_up_is_light() -> None:
    """`--version` and `--help` must not pay for the network, the database or the templates."""
    heavy = ("httpx", "sqlite_utils", "jinja2", "stamina", "rich", "embedarchive.models")
    code = f"import sys, embedarchive.cli\nprint([m for m in {heavy!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert result.stdout.strip() == "[]"
