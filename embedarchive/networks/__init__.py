"""Services that have posts: which URLs are posts of what.

Each file is one entry and defines `NETWORK`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..models import Network

NETWORKS: tuple[Network, ...] = tuple(
    import_module(f".{module.name}", __name__).NETWORK
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""
