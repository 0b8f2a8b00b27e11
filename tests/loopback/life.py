"""What can become of a post, as changes for `World.live`.

world.live(POST, {0: life.born(), 3: life.edited("Fog, still", "16...3"), 9: life.deleted()})
"""

from __future__ import annotations

from .world import Change


def born() -> Change:
    """It does not exist before."""
    return None


def edited(text: str, *ids: str) -> Change:
    """New words; `ids` are those of all versions, oldest first."""
    return {"text": text, "edits": ids}


def renamed(handle: str, name: str | None = None) -> Change:
    """Its author has another handle, and perhaps another name."""
    return {"handle": handle} if name is None else {"handle": handle, "name": name}


def liked(likes: int) -> Change:
    """Only a count changes."""
    return {"likes": likes}


def deleted() -> Change:
    return {"gone": "This Post was deleted by the Post author."}


def suspended() -> Change:
    return {"gone": "This Post is from a suspended account."}


def protected() -> Change:
    why = "because this account owner limits who can view their Posts."
    return {"gone": f"You’re unable to view this Post {why}"}


def account_gone() -> Change:
    return {"gone": "This Post is from an account that no longer exists."}


def restricted() -> Change:
    """A tombstone without words: shown to those who log in."""
    return {"gone": ""}


def returned() -> Change:
    """It is shown again."""
    return {"gone": None}
