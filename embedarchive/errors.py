"""What can go wrong, and the exit code each case ends with. Imports nothing.

    EmbedArchiveError
    ├── UsageError                2  wrong use of the command line or configuration
    ├── InputError                3  one input cannot be read; the others go on
    ├── UpstreamError             4  a service could not be asked: says nothing about the post
    │   ├── Unreachable              no address, no connection, closed before an answer
    │   ├── DeadlineExceeded         the whole request took longer than allowed
    │   ├── RateLimited              asked to wait (`retry_after`, seconds)
    │   ├── ServerFailure            a 5xx answer
    │   ├── TooLarge                 the body is above the cap
    │   ├── OverBudget               the run has made as many requests as it may
    │   ├── AddressRefused           the address, scheme or redirect is not one we talk to
    │   └── UnexpectedResponse       an answer not of the documented shape (`payload`)
    ├── ArchiveError              5  the database cannot be used
    │   ├── NotAnArchive             the file is no archive of ours
    │   ├── NewerArchive             made by a newer version; left untouched
    │   └── DiskFull                 no room, quota or read-only; what was stored is intact
    ├── ArchiveLocked             6  another run holds the lock
    └── FixityError               7  stored bytes no longer have the digest they were stored under

"Gone" is an answer and never one of these: see `models.Outcome`.
"""

from __future__ import annotations


class EmbedArchiveError(Exception):
    """Base of all errors a caller may handle; the message says what, where and what to do."""

    exit_code = 1


class UsageError(EmbedArchiveError):
    exit_code = 2


class InputError(EmbedArchiveError):
    """`uri` names the input; `row` (from 1) and `offset` (bytes) the place in it, if known."""

    exit_code = 3

    def __init__(
        self, message: str, *, uri: str, row: int | None = None, offset: int | None = None
    ) -> None:
        super().__init__(message)
        self.uri = uri
        self.row = row
        self.offset = offset


class UpstreamError(EmbedArchiveError):
    """A service could not be asked. `host` is the one that failed; `url` is free of secrets."""

    exit_code = 4

    def __init__(self, message: str, *, host: str, url: str = "") -> None:
        super().__init__(message)
        self.host = host
        self.url = url


class Unreachable(UpstreamError):
    pass


class DeadlineExceeded(UpstreamError):
    pass


class RateLimited(UpstreamError):
    """`retry_after`: seconds to wait as the service said, or None where it did not say."""

    def __init__(
        self, message: str, *, host: str, url: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message, host=host, url=url)
        self.retry_after = retry_after


class ServerFailure(UpstreamError):
    """A 5xx answer: `status` is its code."""

    def __init__(self, message: str, *, host: str, url: str = "", status: int) -> None:
        super().__init__(message, host=host, url=url)
        self.status = status


class TooLarge(UpstreamError):
    pass


class AddressRefused(UpstreamError):
    pass


class OverBudget(UpstreamError):
    """Nobody was asked: it is nobody's failure, and is left for the next run."""


TRANSIENT = (Unreachable, DeadlineExceeded, RateLimited, ServerFailure, OverBudget)
"""Errors that may be over when it is asked again."""


class UnexpectedResponse(UpstreamError):
    """`payload` holds the bytes as received, so that they can be kept as evidence.

    `answer` is the whole `models.Response`, where there was one; `reason` the message without host
    and status; `answered` the id of the post that it is about instead, where it is about one.
    """

    def __init__(
        self,
        message: str,
        *,
        host: str,
        url: str = "",
        payload: bytes = b"",
        reason: str = "",
        answered: str | None = None,
        answer: object = None,
    ) -> None:
        super().__init__(message, host=host, url=url)
        self.payload = payload
        self.answer = answer
        self.reason = reason or message
        self.answered = answered


class ArchiveError(EmbedArchiveError):
    exit_code = 5


class NotAnArchive(ArchiveError):
    pass


class NewerArchive(ArchiveError):
    pass


class DiskFull(ArchiveError):
    pass


class ArchiveLocked(EmbedArchiveError):
    exit_code = 6


class FixityError(EmbedArchiveError):
    exit_code = 7
