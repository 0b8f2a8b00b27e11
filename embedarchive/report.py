"""What a run did, and how it tells how far it is. Holds counts; prints nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from .budget import Budget
from .errors import EmbedArchiveError, InputError, OverBudget, UpstreamError
from .models import Level, Outcome, Resolution, StoredReference, Target

if TYPE_CHECKING:
    from .capture import MediaFailure

TOLD = 1000
"""Failures that are told one by one."""

Item = TypeVar("Item")


class Progress(Protocol):
    """Is told how far a run is."""

    def stage(
        self, words: str, total: int | None = None
    ) -> AbstractContextManager[Callable[[], None]]:
        """Begin a stage of `total` steps (None: not known); yields what to call after each."""

    def reading(
        self, words: str, size: Callable[[], int | None]
    ) -> AbstractContextManager[Callable[[int], None]]:
        """Begin to read what `size` says how many bytes it is; yields what to tell how many more
        were read. `size` is only asked where the answer is shown."""


@dataclass(slots=True)
class Report:
    """What a run did."""

    documents: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Records of larger files in which there is no reference: read, and not stored."""
    references: int = 0
    """Those of the documents that were new or changed."""
    resolved: int = 0
    captures: Counter[Outcome] = field(default_factory=Counter)
    media: int = 0
    media_failures: list[MediaFailure] = field(default_factory=list)
    levels: Counter[Level] = field(default_factory=Counter)
    """Of the references held against a capture in this run."""
    refusals: list[tuple[StoredReference, Resolution]] = field(default_factory=list)
    failures: list[EmbedArchiveError] = field(default_factory=list)
    """Inputs and records that could not be read, the first `TOLD` of them."""
    untold: int = 0
    """How many failures more there were: a corpus may hold a billion bad records."""
    unreachable: dict[str, str] = field(default_factory=dict)
    """Host → why it could not be asked."""
    lost: int = 0
    """Posts that were there on the last visit and are proven gone now."""
    returned: int = 0
    """The other way round."""
    changed: set[Target] = field(default_factory=set)
    """Posts that show another text, name or handle than on the last visit."""
    left: int = 0
    """Posts and articles that were to be asked for and were not, or not for all there may be,
    since the run was to end."""
    answered: int = 0
    """Questions to services that got an answer."""
    unanswered: int = 0

    @property
    def exit_code(self) -> int:
        """0 all done, 3 some input or post failed, 4 nothing needed upstream could be reached."""
        if self.unanswered and not self.answered:
            return UpstreamError.exit_code
        is_partial = self.failures or self.unanswered or any(m.error for m in self.media_failures)
        return InputError.exit_code if is_partial else 0

    def skip(self, number: int) -> None:
        self.skipped += number

    def fail(self, error: InputError | UpstreamError) -> None:
        """An input or record could not be read; one that was not to be asked for is left."""
        if isinstance(error, OverBudget):
            self.left += 1
            return
        self.unanswered += isinstance(error, UpstreamError)
        if len(self.failures) < TOLD:
            self.failures.append(error)
        else:
            self.untold += 1

    def within(self, budget: Budget | None, items: Iterable[Item]) -> Iterator[Item]:
        """The items while there is budget; the others are counted as left."""
        for item in items:
            if budget is not None and budget.is_spent:
                self.left += 1
            else:
                yield item

    def failed_to_ask(self, errors: Iterable[UpstreamError]) -> None:
        for error in errors:
            self.unreachable.setdefault(error.host, str(error))
