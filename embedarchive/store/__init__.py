"""Values of the models ↔ one SQLite file: `Archive` is the only code with queries.

Connection      the file: locks, transactions, errors
├── Resolutions     posts, and how references came to them
│   ├── Contexts        posts in their threads
│   └── Loading         rows as values
├── Search          the full-text index
├── Documents       articles in            (Loading, Search)
├── Captures        visits in              (Resolutions)
├── MediaStore      pictures and films in
├── RefusedAnswers  evidence of what services answered amiss, asked for a post
├── RefusedLookups  and when a post was looked for
├── Records         posts and articles out (Loading, Search)
├── Visits          what came of visits out
├── UnfinishedWork  what visits did not get, in
├── Lookups         what a search was answered, for a while
└── Upkeep          counts, runs, pacing, re-hashing
"""

from __future__ import annotations

from .captures import Captures
from .documents import Documents
from .lookups import Lookups
from .media import MediaStore
from .records import Records
from .refused import RefusedAnswers
from .refused_lookups import RefusedLookups
from .unfinished import UnfinishedWork
from .upkeep import ArchiveStatus, Problem, Run, RunRecord, Upkeep
from .visits import Visits

__all__ = ["Archive", "ArchiveStatus", "Problem", "Run", "RunRecord"]


class Archive(
    Documents,
    Captures,
    MediaStore,
    RefusedAnswers,
    RefusedLookups,
    Records,
    Visits,
    UnfinishedWork,
    Lookups,
    Upkeep,
):
    """An archive: what was read, learnt and captured, for good. Use `Archive.open`, with `with`.

    It fulfils `models.Index` for resolvers, `models.HostStates` and `models.Memory` for the
    network, and may be asked from several threads.
    """
