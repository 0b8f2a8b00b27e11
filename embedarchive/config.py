"""Command line, environment and configuration file → Settings, each with its origin.

Flags win over the environment, that over the file, that over the defaults. An unknown key or an
unusable value is an error, never ignored.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from platformdirs import user_config_path

from .errors import UsageError

ENVIRONMENT_PREFIX = "EMBEDARCHIVE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run goes by. The metadata of each field holds its `help`."""

    backends: tuple[str, ...] = field(
        default=("syndication", "oembed"),
        metadata={
            "help": "services asked for a post, in this order; the first good answer ends it,"
            " but one that cut a long text does not end it for those that would not"
        },
    )
    ask_all: bool = field(
        default=False,
        metadata={
            "help": "ask each of them for every post: they are merged when shown, the first counts"
        },
    )
    resolvers: tuple[str, ...] = field(
        default=("code_join", "cross_article", "redirect"),
        metadata={
            "help": "ways to learn which post a reference means; offline ones come first, the first"
            " that finds it ends it. wayback_cdx takes minutes for a reference"
        },
    )
    thread_depth: int = field(
        default=1,
        metadata={
            "help": "how many steps of quoted and answered posts are captured as well, where they"
            " are not given with the post",
            "min": 0,
            "max": 20,
        },
    )
    endpoints: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={
            "help": "where a host is reached instead: HOST = URL; '*' stands for every other host,"
            " whose name is then put behind the URL"
        },
    )
    contact: str = field(
        default="",
        metadata={
            "help": "an address or URL that the User-Agent names, for operators to reach you"
        },
    )
    concurrency: int = field(
        default=4, metadata={"help": "requests under way at once", "min": 1, "max": 64}
    )
    pacing: float = field(
        default=0.25,
        metadata={"help": "seconds between two requests to one host", "min": 0, "max": 3600},
    )
    wayback_pacing: float = field(
        default=2.5,
        metadata={
            "help": "seconds between two requests to web.archive.org, which blocks who asks more"
            " than 30 times a minute",
            "min": 0,
            "max": 3600,
        },
    )
    auth_file: str = field(
        default="",
        metadata={
            "help": 'file of bearer tokens, {"api.x.com": "TOKEN"}, that only you can read; by'
            " default auth.json beside config.toml"
        },
    )
    timeout: float = field(
        default=20.0,
        metadata={"help": "seconds for one request in all, redirects included", "min": 0.1},
    )
    retries: int = field(
        default=2, metadata={"help": "further tries after a failed request", "min": 0, "max": 10}
    )
    max_bytes: int = field(
        default=16 << 20, metadata={"help": "largest answer that is taken, in bytes", "min": 1024}
    )
    media: bool = field(default=True, metadata={"help": "store pictures and videos as well"})
    max_media_bytes: int = field(
        default=32 << 20, metadata={"help": "largest picture or video stored, in bytes", "min": 0}
    )
    refresh: tuple[str, ...] = field(
        default=(
            "7d: 1d",
            "46d: 3d",
            "91d: 9d",
            "1y: 15d",
            "later: 20d",
            "gone: 1y",
            "losing: 0.5",
        ),
        metadata={
            "help": "how often posts are visited: up to which age, the time between two visits;"
            " then older ones, gone ones, and the factor for accounts that lost posts"
        },
    )
    allow_http: bool = field(default=False, metadata={"help": "fetch articles over plain http too"})


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings and, for each field, where its value came from."""

    settings: Settings
    origins: Mapping[str, str]


def default_path() -> Path:
    """The configuration file that is read where none is named."""
    return user_config_path("embedarchive") / "config.toml"


def load(
    *,
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Configuration:
    """Put the settings together; `flags` with the value None were not given.

    Raises UsageError for a file that is missing though named, unreadable or not TOML, for an
    unknown key, and for a value of the wrong kind.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, object] = {}
    origins = {item.name: "default" for item in fields(Settings)}

    def take(name: str, raw: object, origin: str) -> None:
        values[name] = _checked(name, raw, origin)
        origins[name] = origin

    for name, raw in _from_file(path).items():
        take(name, raw, f"file {path or default_path()}")
    for item in fields(Settings):
        variable = ENVIRONMENT_PREFIX + item.name.upper()
        if environment.get(variable):
            take(item.name, environment[variable], f"environment {variable}")
    for name, raw in (flags or {}).items():
        if raw is not None:
            take(name, raw, "command line")
    return Configuration(Settings(**values), MappingProxyType(origins))  # type: ignore[arg-type]  # checked one by one above


def _from_file(path: Path | None) -> dict[str, object]:
    place = path or default_path()
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if path is None:
            return {}
        raise UsageError(f"{place}: no such configuration file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{place}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{place}: not valid TOML: {error}") from error


def _checked(name: str, raw: object, origin: str) -> object:
    known = {item.name: item for item in fields(Settings)}
    if name not in known:
        raise UsageError(f"{origin}: unknown setting {name!r}; known: {', '.join(known)}")
    default = getattr(Settings(), name)
    read = _READERS[type(default)]
    try:
        value = read(raw)
    except (ValueError, TypeError, KeyError):
        raise UsageError(f"{origin}: {name} cannot be {raw!r}") from None
    limits = known[name].metadata
    if isinstance(value, int | float) and not (
        limits.get("min", value) <= value <= limits.get("max", value)
    ):
        raise UsageError(
            f"{origin}: {name} must lie between {limits.get('min')} and {limits.get('max', '...')}"
        )
    return value


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
        str(raw).lower()
    ]


def _number(kind: Callable[[str], int | float]) -> Callable[[object], int | float]:
    def read(raw: object) -> int | float:
        if isinstance(raw, bool):
            raise ValueError(raw)
        return kind(str(raw))

    return read


def _names(raw: object) -> tuple[str, ...]:
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise ValueError(raw)
    return tuple(item.strip() for item in items if item.strip())


def _endpoints(raw: object) -> Mapping[str, str]:
    if isinstance(raw, str):
        raw = dict(item.split("=", 1) for item in raw.split(",") if item.strip())
    if not isinstance(raw, Mapping):
        raise ValueError(raw)
    bases = {str(host).strip(): str(base).strip().rstrip("/") for host, base in raw.items()}
    for base in bases.values():
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(base)
    return MappingProxyType(bases)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.isprintable():
        raise ValueError(raw)
    return raw


_READERS: Mapping[type, Callable[[object], object]] = {
    bool: _boolean,
    int: _number(int),
    float: _number(float),
    str: _text,
    tuple: _names,
    MappingProxyType: _endpoints,
}
