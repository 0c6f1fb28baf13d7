"""The review as a gate of `cdk synth`: the same functions as `cdk-standby review`, so that the two cannot disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import jsii
from aws_cdk import (
    App,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from cdk_standby_review import RULES, Assumptions, Finding, Objectives, Severity, read, review_templates
from cdk_standby_review.verdict import AT_RISK, MISSED, UNPROVEN

NAME = "cdk-standby"


@jsii.implements(IPolicyValidationPlugin)
class ReviewGate:
    """Fails synth when a fault would do worse than promised, or a rule finds an error.

    Warnings and information stand in the report and let synth pass. A finding that is meant is acknowledged beside its
    resource: `Validations.of(x).acknowledge(Acknowledgment(id="cdk-standby::aurora-needs-reader", reason="..."))`.

    Add one to the app, never one per stage: it looks at the whole assembly.

        Validations.of(app).add_plugins(ReviewGate())
    """

    def __init__(
        self,
        *,
        objectives: Objectives | None = None,
        assumptions: Assumptions | None = None,
        fail_on: Sequence[Severity] = (Severity.ERROR,),
    ) -> None:
        """Make a gate.

        Args:
            objectives: What is promised for every deployment; left out, each is held to its own objectives.
            assumptions: How fast people detect, decide and validate; left out, the assumed times of the review.
            fail_on: The severities that fail synth; left out, errors only.
        """
        self._objectives = objectives
        self._assumptions = assumptions
        self._fail_on = frozenset(fail_on)

    @property
    def name(self) -> str:
        """What acknowledgements begin with."""
        return NAME

    @property
    def version(self) -> str | None:
        """Left out: the report of a synth must not change with a release that finds the same."""
        return None

    @property
    def rule_ids(self) -> list[str]:
        """Every rule that can be broken."""
        return [*(rule.id for rule in RULES), AT_RISK, MISSED, UNPROVEN]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Review what was just synthesized."""
        outdir = Path(_outdir(context))
        found = review_templates(read(outdir), self._objectives, self._assumptions)
        return PolicyValidationPluginReport(
            success=not found.worst(*self._fail_on),
            violations=self._violations([*found.findings, *(finding for finding, _ in found.acknowledged)], outdir),
        )

    def _violations(self, findings: Iterable[Finding], outdir: Path) -> list[PolicyViolation]:
        """One violation per rule and message, as the CDK's report groups them; acknowledged ones too, it sorts them."""
        grouped: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for finding in findings:
            grouped[finding.rule, finding.message].append(finding)
        return [_violation(same, outdir, self._severity(same[0])) for same in grouped.values()]

    def _severity(self, finding: Finding) -> str:
        """Once anything is acknowledged, the CDK lets only errors fail: what is to fail says error."""
        if finding.severity in self._fail_on:
            return "error"
        return "warning" if finding.severity is Severity.ERROR else str(finding.severity)


def _outdir(context: IPolicyValidationContext) -> str:
    app = context.app_construct.node.root
    assert isinstance(app, App)
    return app.outdir


def _violation(same: Sequence[Finding], outdir: Path, severity: str) -> PolicyViolation:
    first = same[0]
    named = [_resource(finding, outdir) for finding in same if finding.resource is not None]
    return PolicyViolation(
        rule_name=first.rule,
        description=first.message,
        fix=f"{first.fix} ({first.source})",
        severity=severity,
        violating_resources=named or [_resource(first, outdir)],
    )


def _resource(finding: Finding, outdir: Path) -> PolicyViolatingResource:
    """What of a template violates a rule; the assembly, where no resource does: by nothing, synth would pass."""
    found = finding.resource
    return PolicyViolatingResource(
        resource_logical_id=found.logical_id if found else outdir.name,
        template_path=str(outdir / (found.template.file if found else "manifest.json")),
        locations=["Properties"],
    )
