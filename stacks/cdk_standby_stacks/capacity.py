"""How much of a service runs where."""

from __future__ import annotations

import math
from fractions import Fraction


def scaled(needed: int, scale: float) -> int:
    """Instances that carry a share of the load, at least one.

    Exact arithmetic: 0.1 x 30 is 3, not the 4 that binary fractions would round up to.
    """
    return max(1, math.ceil(needed * Fraction(str(scale))))
