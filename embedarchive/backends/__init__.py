"""How an embed is learnt.

Each file is one entry and defines `BACKEND`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..models import Backend

BACKENDS: tuple[Backend, ...] = tuple(
    import_module(f".{module.name}", __name__).BACKEND
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""

ARCHIVES = frozenset(backend.name for backend in BACKENDS if backend.is_archive)
"""Those that hold copies made earlier, which tell nothing of a post's state now."""
