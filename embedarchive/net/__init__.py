"""The HTTP client: a URL in, a bounded answer out; never an address, size or wait beyond the rules.

The only code that knows httpx and stamina. Loading it is costly: callers import it when they need
the network, so that a start-up does not.
"""

from __future__ import annotations

from .client import Client

__all__ = ["Client"]
