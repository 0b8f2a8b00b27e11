"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# How long an example takes says more about the machine's other work than about the code; time is
# judged by ratios, in tests of their own.
settings.register_profile("house", deadline=None)
# Where a change is judged the same examples are tried each time; new ones are looked for at home.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")
