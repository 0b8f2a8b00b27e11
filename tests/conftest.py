"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says more about the machine's other work than about the code; time is
# judged by ratios, in tests of their own.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
