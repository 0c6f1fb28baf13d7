"""What a secondary has from its global datastore."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalMember:
    """A global datastore, as a secondary in another Region sees it.

    Args:
        id: as ElastiCache made it, such as ``"sgaui-shop"``: a text in a committed file, never a reference, so that
            the secondary's stack needs no other Region to be deployed.
        cluster_mode: of the primary, for endpoints and alarms; left out: disabled.
        shards: of the primary, for alarms; left out: 1.
        engine: of the primary, for users, which are of an engine; left out: valkey.
    """

    id: str
    cluster_mode: str = "disabled"
    shards: int = 1
    engine: str = "valkey"

    def __str__(self) -> str:
        """As it was typed, in short."""
        return f"GlobalMember(id={self.id!r})"
