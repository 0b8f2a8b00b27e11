"""Answers of slow services to a search's questions, kept for a while: a search can go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..codec import from_json, storable, to_json
from ..models import Response
from .connection import Connection
from .rows import from_stamp, squeeze, to_stamp, unsqueeze


class Lookups(Connection):
    """The archive's memory of what was looked up. Fulfils `models.Memory`."""

    def recall(self, url: str) -> Response | None:
        """What was answered to that question; None where that is not known."""
        row = self._row("SELECT * FROM lookups WHERE url = ?", storable(url))
        if row is None:
            return None
        return Response(
            url=row["url"],
            status=row["status"],
            headers=from_json(Mapping[str, str], row["headers"]),  # type: ignore[type-abstract]  # read by its alias, never made
            body=unsqueeze(row["compression"], row["body"], row["url"]),
            received_at=from_stamp(row["received_at"]),
            final_url=row["final_url"],
        )

    def remember(self, url: str, response: Response) -> None:
        """Keep an answer; one that was kept before gives way."""
        compression, body = squeeze(response.body)
        self._write(
            "INSERT OR REPLACE INTO lookups (url, final_url, status, headers, compression, body,"
            " received_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            storable(url),
            storable(response.final_url),
            response.status,
            to_json(response.headers),
            compression,
            body,
            to_stamp(response.received_at),
        )

    def forget_lookups(self, before: datetime) -> None:
        """Drop what was answered before that moment."""
        self._write("DELETE FROM lookups WHERE received_at < ?", to_stamp(before))
