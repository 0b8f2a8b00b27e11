"""How a post's id is learnt when the reference has none.

Each file is one entry and defines `RESOLVER`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..models import Resolver

RESOLVERS: tuple[Resolver, ...] = tuple(
    import_module(f".{module.name}", __name__).RESOLVER
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""
