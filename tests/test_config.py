"""Settings and where they came from."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from embedarchive.config import Settings, load
from embedarchive.errors import UsageError


def test_defaults_without_a_file(tmp_path: Path) -> None:
    found = load(environment={"XDG_CONFIG_HOME": str(tmp_path)})
    assert set(found.origins.values()) == {"default"}


def test_flags_beat_environment_beats_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'concurrency = 2\npacing = 1.5\ntimeout = 9\n[endpoints]\n"t.co" = "http://a/"\n'
    )
    found = load(
        path=path,
        environment={"EMBEDARCHIVE_CONCURRENCY": "3", "EMBEDARCHIVE_TIMEOUT": "8"},
        flags={"concurrency": 5, "media": None},
    )
    assert (found.settings.concurrency, found.origins["concurrency"]) == (5, "command line")
    assert (found.settings.timeout, found.origins["timeout"]) == (
        8.0,
        "environment EMBEDARCHIVE_TIMEOUT",
    )
    assert (found.settings.pacing, found.origins["pacing"]) == (1.5, f"file {path}")
    assert found.settings.endpoints == {"t.co": "http://a"}
    assert found.origins["media"] == "default"


def test_endpoints_in_the_environment() -> None:
    found = load(environment={"EMBEDARCHIVE_ENDPOINTS": "*=http://127.0.0.1:9,t.co=http://b"})
    assert found.settings.endpoints == {"*": "http://127.0.0.1:9", "t.co": "http://b"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("speed = 3", "unknown setting 'speed'"),
        ("concurrency = 0", "between 1 and 64"),
        ("concurrency = true", "cannot be True"),
        ('pacing = "fast"', "cannot be 'fast'"),
        ("pacing = nan", "between"),
        ('media = "perhaps"', "cannot be"),
        ("backends = 3", "cannot be 3"),
        ('endpoints = {"t.co" = "file:///etc/passwd"}', "cannot be"),
        ('contact = "a\\nb"', "cannot be"),
        ("= 3", "not valid TOML"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(content)
    with pytest.raises(UsageError, match=says) as caught:
        load(path=path, environment={})
    assert str(path) in str(caught.value)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such configuration file"):
        load(path=tmp_path / "none.toml", environment={})


def test_every_setting_says_what_it_is() -> None:
    assert all(item.metadata["help"] for item in fields(Settings))
