"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine's other work than about the code; time is
# judged by ratios, in tests of their own.
_TIMELESS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("house", _TIMELESS)
# Where a change is judged the same examples are tried each time; new ones are looked for at home.
settings.register_profile("ci", _TIMELESS, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")
