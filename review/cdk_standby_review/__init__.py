"""Reads CloudFormation templates, anybody's, and says what a fault would do to them. Never imports the CDK.

from cdk_standby_review import review

found = review("cdk.out")
found.status                 # met, at risk, unknown or missed; None when nothing was promised
found.worst(Severity.ERROR)  # what to put right first
"""

from ._review import Coverage, Review, review, review_templates
from .errors import UnreadableInput
from .estimate import Assumptions, Estimate, Step
from .findings import Finding, Rule, Severity
from .objectives import Fault, Objectives, Recovery
from .outcomes import Case, Fate, Judgement, Outcome
from .rules import RULES
from .templates import Template, read
from .verdict import Status, Verdict

__all__ = [
    "RULES",
    "Assumptions",
    "Case",
    "Coverage",
    "Estimate",
    "Fate",
    "Fault",
    "Finding",
    "Judgement",
    "Objectives",
    "Outcome",
    "Recovery",
    "Review",
    "Rule",
    "Severity",
    "Status",
    "Step",
    "Template",
    "UnreadableInput",
    "Verdict",
    "read",
    "review",
    "review_templates",
]
