"""Which copy in a web archive a picture or film came from, where its own host had none."""

from __future__ import annotations

# NULL: from its own host, or stored before this was written down.
STATEMENTS = ("ALTER TABLE post_media ADD COLUMN memento TEXT",)
