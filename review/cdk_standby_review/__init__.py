"""Reads CloudFormation templates, anybody's, and says what a fault would do to them. Never imports the CDK.

from cdk_standby_review import review

found = review("cdk.out")
found.status                 # met, at risk, unknown or missed; None when nothing was promised
found.worst(Severity.ERROR)  # what to put right first
review("cdk.out", against="base/cdk.out").changes  # what the step from there does, the worst first
"""

from ._review import Coverage, Review, review, review_templates
from .acknowledgements import Acknowledgement, read_acknowledgements
from .changes import Change, Kind
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
    "Acknowledgement",
    "Assumptions",
    "Case",
    "Change",
    "Coverage",
    "Estimate",
    "Fate",
    "Fault",
    "Finding",
    "Judgement",
    "Kind",
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
    "read_acknowledgements",
    "review",
    "review_templates",
]
