"""What the findings mean that no single rule makes: objectives, the lock of data, acknowledgements."""

from __future__ import annotations

from ..acknowledgements import UNUSED
from ..findings import Severity
from ..locks.differences import Effect
from ..locks.words import POLICIES
from ..verdict import AT_RISK, MISSED, UNPROVEN

OBJECTIVES = (
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
    "rel_planning_for_recovery_objective_defined_recovery.html"
)
OTHERS: dict[str, tuple[Severity, str, str]] = {
    MISSED: (Severity.ERROR, "A fault takes longer, or loses more, than is promised", OBJECTIVES),
    AT_RISK: (Severity.ERROR, "The worst case of a fault is worse than is promised", OBJECTIVES),
    UNPROVEN: (Severity.WARNING, "The templates do not say enough to hold an objective against them", OBJECTIVES),
    str(Effect.REPLACED): (Severity.ERROR, "CloudFormation would replace a resource that holds data", POLICIES),
    str(Effect.DELETED): (Severity.ERROR, "CloudFormation would delete a resource that holds data", POLICIES),
    str(Effect.UNPROTECTED): (Severity.WARNING, "CloudFormation would keep less of a removed resource", POLICIES),
    UNUSED: (Severity.INFO, "An acknowledgement is about nothing any more", ""),
}
"""By id: how bad, what it means, and the page that says so."""
