"""What a change does: the templates that are there against the templates that are to be."""

from __future__ import annotations

from ._compare import compare
from ._model import Change, Kind
from ._pairs import Side

__all__ = ["Change", "Kind", "Side", "compare"]
