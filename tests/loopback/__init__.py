"""The services, in small, on this machine: a scripted world behind one HTTP server.

The first segment of a path is the host that is meant, as the endpoint setting `*` asks for it:
`http://127.0.0.1:PORT/cdn.syndication.twimg.com/tweet-result?id=1&token=a`.
"""

from __future__ import annotations

from . import faults, life
from .server import Server
from .world import Asked, Copy, Picture, Post, Reply, World

__all__ = ["Asked", "Copy", "Picture", "Post", "Reply", "Server", "World", "faults", "life"]
