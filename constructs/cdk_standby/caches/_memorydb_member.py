"""What a cluster in one Region has from its multi-Region cluster."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryDbMember:
    """A multi-Region cluster, as a member of it sees it. `MemoryDbMultiRegion` makes these.

    Args:
        name: as MemoryDB made it, such as ``"virxk-shop"``: a text in a committed file, so that a member's stack needs
            no other Region to be deployed.
        node_type: of every member; left out: db.r7g.xlarge.
        version: of every member; left out: 7.3.
        shards: of every member; left out: 1.
        region: where `name` is a reference to something that is deployed with the member; left out: it is a text.
    """

    name: str
    node_type: str = "db.r7g.xlarge"
    version: str = "7.3"
    shards: int = 1
    region: str | None = None

    def __str__(self) -> str:
        """As it was typed, in short."""
        return f"MemoryDbMember(name={self.name!r})"
