"""What a command that works on an archive or the network needs: settings, client, clock."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import UsageError

if TYPE_CHECKING:
    from ..config import Settings
    from ..models import HostStates
    from ..net import Client


def now() -> datetime:
    return datetime.now(UTC)


def make_settings(config: Path | None, flags: Mapping[str, object] | None = None) -> Settings:
    from ..config import load  # noqa: PLC0415  # start-up

    return load(path=config, flags=flags).settings


def make_client(
    config: Path | None,
    flags: Mapping[str, object] | None = None,
    *,
    states: HostStates | None = None,
) -> Client:
    """An HTTP client by the settings; raises UsageError, also for an unusable file of tokens."""
    import logging  # noqa: PLC0415  # start-up

    from ..config import default_path  # noqa: PLC0415  # start-up
    from ..credentials import load  # noqa: PLC0415  # start-up
    from ..net import Client  # noqa: PLC0415  # start-up: httpx only where something is fetched

    # Failures are told in the summary, host by host; a line for each retry would be noise in cron.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    settings = make_settings(config, flags)
    auth_file = Path(settings.auth_file) if settings.auth_file else None
    if auth_file and not auth_file.exists():
        raise UsageError(f"auth_file: {auth_file}: no such file")
    auth_file = auth_file or (config or default_path()).with_name("auth.json")
    tokens = load(auth_file)
    if "api_v2" in settings.backends and "api.x.com" not in tokens:
        raise UsageError(f"backends names api_v2, and {auth_file} holds no token for api.x.com")
    contact = f"; {settings.contact}" if settings.contact else ""
    return Client(
        user_agent=f"embedarchive/{__version__} (post archiver{contact})",
        endpoints=settings.endpoints,
        allow_http=settings.allow_http,
        timeout=settings.timeout,
        max_bytes=settings.max_bytes,
        retries=settings.retries,
        pacing=settings.pacing,
        pacing_of={"web.archive.org": settings.wayback_pacing},
        states=states,
        tokens=tokens,
    )


@contextmanager
def finishing(stop: Callable[[], None]) -> Iterator[None]:
    """Inside, the first SIGTERM or ^C only calls `stop`, and ends the process behind the block.

    The next one ends it at once. The exit codes are 143 and 130.
    """
    caught: list[int] = []

    def handle(number: int, frame: object) -> None:
        if caught:
            sys.exit(128 + number)
        caught.append(number)
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if caught:
        sys.exit(128 + caught[0])
