"""Target → Captures: asks the backends in order and keeps each answer.

"Gone" is an answer and becomes a capture; "could not ask" is an error and becomes a failure.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..backends import BACKENDS
from ..backends.wayback import BACKEND as WAYBACK
from ..config import Settings
from ..errors import TRANSIENT, OverBudget, UnexpectedResponse, UpstreamError, UsageError
from ..merging import merged
from ..models import (
    Answer,
    AsksMany,
    Backend,
    Capture,
    Embed,
    Fetcher,
    Outcome,
    Payload,
    Refused,
    Response,
    StoredMedia,
    Target,
    Unfinished,
)
from .media import MediaFailure, fetch_media
from .visits import CaptureResult, Wanted


def at_once(settings: Settings, backends: Sequence[Backend] = BACKENDS, network: str = "x") -> int:
    """For how many posts at once the first backend answers; raises UsageError as `capture`."""
    first = next(iter(_chosen(backends, settings.backends, network)), None)
    return first.most_at_once if isinstance(first, AsksMany) else 1


def capture_many(
    wanted: Sequence[Wanted],
    *,
    fetch: Fetcher,
    settings: Settings,
    backends: Sequence[Backend] = BACKENDS,
) -> list[CaptureResult]:
    """Capture each post; the first backend is asked once for all of one network, where it can be.

    There are to be no more posts than `at_once` says.
    """
    firsts: dict[Target, Response | UpstreamError] = {}
    targets = [one.target for one in wanted if not one.is_for_media]
    if len(targets) > 1:
        backend = _chosen(backends, settings.backends, targets[0].network)[0]
        assert isinstance(backend, AsksMany)
        try:
            firsts.update(backend.ask_many(targets, fetch))
        except UpstreamError as error:
            firsts = dict.fromkeys(targets, error)
    return [
        _media_alone(one, fetch, settings)
        if one.is_for_media
        else capture(
            *(one.target, one.handle),
            fetch=fetch,
            settings=settings,
            backends=backends,
            last=one.last,
            stored=one.stored,
            first=firsts.get(one.target),
        )
        for one in wanted
    ]


def capture(
    target: Target,
    handle: str | None,
    *,
    fetch: Fetcher,
    settings: Settings,
    backends: Sequence[Backend] = BACKENDS,
    last: Embed | None = None,
    stored: Collection[str] = (),
    first: Response | UpstreamError | None = None,
) -> CaptureResult:
    """Ask the backends that `settings` names, until one has the post or knows that it is gone.

    Where all that have it cut its text, those are asked as well that would not. For a post that
    is gone the archives among them are still asked for what it was, and the media hosts for what
    `last`, the embed of the last good capture, shows. Media whose URL is `stored` are not fetched
    again. `first` is what came of asking the first backend, where that was done before.
    Never raises UpstreamError: what could not be asked is in the result. Raises UsageError where
    the settings name a backend that there is none of.
    """
    asked = _Asked()
    for backend in _chosen(backends, settings.backends, target.network):
        if _is_needed(backend, asked.captures, ask_all=settings.ask_all):
            asked.ask(backend, target, handle, fetch, first)
            first = None
    archives = {backend.name for backend in backends if backend.is_archive}
    captures = asked.captures[::-1]  # of those that tell as much, the first that was asked counts
    captures.sort(key=lambda answer: _how_telling(answer, archives))
    media = _media(captures, fetch, settings, last, stored)
    return _result(target, asked, captures, media)


def _media_alone(wanted: Wanted, fetch: Fetcher, settings: Settings) -> CaptureResult:
    """The pictures and films that visits before did not get of a post that is held."""
    assert wanted.last is not None
    media = list(fetch_media(wanted.last, fetch, settings.max_media_bytes, wanted.stored))
    return replace(_result(wanted.target, _Asked(), (), media), is_asked=False)


def _result(
    target: Target,
    asked: _Asked,
    captures: Sequence[Capture],
    media: Sequence[StoredMedia | MediaFailure],
) -> CaptureResult:
    lacking = [item for item in media if isinstance(item, MediaFailure)]
    for item in lacking:
        # Hosts of files may answer what they like; only the archive's index is read.
        asked.keep(target, WAYBACK.name, item.error)
    errors = (*asked.failures.values(), *(item.error for item in lacking))
    return CaptureResult(
        target,
        tuple(captures),
        tuple(error for error in asked.failures.values() if not isinstance(error, OverBudget)),
        tuple(asked.refused),
        tuple(item for item in media if isinstance(item, StoredMedia)),
        tuple(item for item in lacking if not isinstance(item.error, OverBudget)),
        tuple(_unfinished(asked.failures, lacking)),
        is_cut=any(isinstance(error, OverBudget) for error in errors),
    )


@dataclass(slots=True)
class _Asked:
    """What the backends said so far."""

    captures: list[Capture] = field(default_factory=list)
    failures: dict[str, UpstreamError] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def ask(
        self,
        backend: Backend,
        target: Target,
        handle: str | None,
        fetch: Fetcher,
        first: Response | UpstreamError | None,
    ) -> None:
        try:
            response = first or backend.ask(target, handle, fetch)
            if isinstance(response, UpstreamError):
                raise response
            self.captures.append(as_capture(target, backend.name, response, backend))
        except UpstreamError as error:
            self.failures[backend.name] = error
            self.keep(target, backend.name, error)

    def keep(self, target: Target, name: str, error: UpstreamError | None) -> None:
        """Keep the answer that an error is about as evidence, where there was one."""
        if not isinstance(error, UnexpectedResponse) or not isinstance(error.answer, Response):
            return
        self.refused.append(
            Refused(
                target=target,
                backend=name,
                reason=error.reason,
                received_at=error.answer.received_at,
                payload=Payload.of(error.answer),
                answered=error.answered,
            )
        )


def _is_needed(backend: Backend, captures: Sequence[Capture], *, ask_all: bool) -> bool:
    """Whether a backend may tell what those before did not."""
    embeds = [answer.embed for answer in captures if answer.embed]
    if embeds:
        is_cut = all(embed.is_truncated for embed in embeds)
        return ask_all or (is_cut and backend.is_whole)
    return backend.is_archive or not any(answer.outcome.is_proven_gone for answer in captures)


def _unfinished(
    failures: Mapping[str, UpstreamError], lacking: Iterable[MediaFailure]
) -> Iterator[Unfinished]:
    for name, error in failures.items():
        if isinstance(error, TRANSIENT):
            yield Unfinished(name, str(error), not isinstance(error, OverBudget))
    for item in lacking:
        if isinstance(item.error, TRANSIENT):
            yield Unfinished(item.url, item.problem, not isinstance(item.error, OverBudget))


def _how_telling(answer: Capture, archives: Container[str]) -> int:
    """A 404 of one service must not hide what another one said, nor an old copy what is now."""
    if answer.outcome is Outcome.AVAILABLE:
        return 2 if answer.backend in archives else 4
    if answer.outcome in (Outcome.UNKNOWN, Outcome.NOT_FOUND):
        return 0
    return 3 if answer.outcome.is_proven_gone else 1


def as_capture(target: Target, name: str, response: Response, backend: Backend) -> Capture:
    """One answer as it is kept: its bytes under their digest, and what they say.

    Raises UnexpectedResponse.
    """
    answer: Answer = backend.parse(target, response)
    return Capture(
        target=target,
        backend=name,
        outcome=answer.outcome,
        captured_at=response.received_at,
        payload=Payload.of(response),
        embed=answer.embed,
        reason=answer.reason,
    )


def reread(capture: Capture, backends: Sequence[Backend] = BACKENDS) -> Embed | None:
    """What a capture's bytes say, read again; None where they say nothing, or nothing any more."""
    payload = capture.payload
    backend = next((one for one in backends if one.name == capture.backend), None)
    if backend is None:
        return None
    response = Response(
        url=payload.url,
        status=payload.status,
        headers=payload.headers,
        body=payload.body,
        received_at=capture.captured_at,
        final_url=payload.url,
    )
    try:
        return backend.parse(capture.target, response).embed
    except UnexpectedResponse:
        return None


def _chosen(backends: Sequence[Backend], names: Sequence[str], network: str) -> list[Backend]:
    known = {backend.name: backend for backend in backends}
    unknown = ", ".join(name for name in names if name not in known)
    if unknown:
        raise UsageError(f"no such backend: {unknown}; there are {', '.join(known)}")
    return [known[name] for name in names if network in known[name].networks]


def _media(
    captures: Sequence[Capture],
    fetch: Fetcher,
    settings: Settings,
    last: Embed | None,
    stored: Collection[str],
) -> list[StoredMedia | MediaFailure]:
    if not captures or not settings.media:
        return []
    told = merged(captures)
    embed = told.embed if told else last
    if embed is None:
        return []
    return list(fetch_media(embed, fetch, settings.max_media_bytes, stored))
