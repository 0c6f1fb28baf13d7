"""Findings that somebody meant: `Validations.of(x).acknowledge(...)`, as the CDK writes it into the assembly."""

from __future__ import annotations

from .findings import Finding

TOOL = "cdk-standby"


def reason_for(finding: Finding) -> str | None:
    """Why a finding is meant, when it was acknowledged at its construct or above; else None."""
    resource = finding.resource
    if resource is None or not resource.path:
        return None
    for path, reasons in sorted(resource.template.acknowledged.items(), reverse=True):
        reason = reasons.get(f"{TOOL}::{finding.rule}")
        if reason is not None and f"{resource.path}/".startswith(f"{path.removesuffix('/Resource')}/"):
            return reason
    return None
