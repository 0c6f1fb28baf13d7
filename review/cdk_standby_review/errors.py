"""What a person can do wrong when asking for a review."""

from __future__ import annotations


class UnreadableInput(ValueError):  # noqa: N818  (reads as what it says, like `InvalidOptions`)
    """The input cannot be reviewed; the message is one line that says what to do."""
