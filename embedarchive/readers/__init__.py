"""How articles come.

Each file is one entry and defines `READER`; a new file is all that a new entry takes. Names that
begin with an underscore are parts shared by entries.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..models import Reader

READERS: tuple[Reader, ...] = tuple(
    import_module(f".{module.name}", __name__).READER
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
)
"""In the order of their names."""
