"""Zones by name, on purpose."""

from __future__ import annotations

from aws_cdk import Acknowledgment, CfnResource, Validations


def zone_is_meant(resource: CfnResource, because: str) -> None:
    """Tell both validators that the zone is named on purpose: Fn::GetAZs answers by account, and by day."""
    Validations.of(resource).acknowledge(Acknowledgment(id="CloudFormation-Validate::W3010", reason=because))
    resource.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3010"]}})
