"""How many instances are enough when a zone is lost. Arithmetic only: importing it loads nothing of AWS."""

from __future__ import annotations


def group_size(needed: int, zones: int) -> int:
    """The smallest group of which `needed` instances are left when any one of its zones is lost.

    That is ``ceil(needed x zones / (zones - 1))``, for a group that is spread as evenly as it goes.

    Args:
        needed: instances that carry the load; 0 gives 0.
        zones: Availability Zones of the group, 2 or more.

    Raises:
        ValueError: fewer than two zones, since nothing is left when the only one is lost; or a negative number.
    """
    if zones < 2:
        raise ValueError(f"'zones' is {zones}; allowed: 2 or more, because nothing is left when the only zone is lost")
    if needed < 0:
        raise ValueError(f"'needed' is {needed}; allowed: 0 or more")
    return -(-needed * zones // (zones - 1))


def zone_size(needed: int, zones: int) -> int:
    """The smallest group for each zone such that the groups of all others run `needed` instances.

    That is ``ceil(needed / (zones - 1))``, of groups that do not help each other out.

    Args:
        needed: instances that carry the load; 0 gives 0.
        zones: Availability Zones, each with a group of its own, 2 or more.

    Raises:
        ValueError: fewer than two zones, or a negative number.
    """
    group_size(needed, zones)
    return -(-needed // (zones - 1))


def left_after_zone_loss(running: int, zones: int) -> int:
    """What is left of an evenly spread group when its fullest zone is lost.

    Args:
        running: instances of the group.
        zones: its Availability Zones.
    """
    return running - -(-running // zones)


def smallest_share(running: int, zones: int) -> int:
    """What the emptiest zone of an evenly spread group runs.

    Args:
        running: instances of the group.
        zones: its Availability Zones.
    """
    return running // zones
