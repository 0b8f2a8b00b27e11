"""One post as text of some format: each file is one face and defines `FACE`, named like the file.

A new file is all that a new face takes. Pure; the terminal's own face is the command line's.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from ...models import PostRecord

Face = Callable[[PostRecord], str]
"""A post → its text, which ends without a line end."""

FACES: dict[str, Face] = {
    module.name: import_module(f".{module.name}", __name__).FACE
    for module in iter_modules(__path__)
    if not module.name.startswith("_")
}
