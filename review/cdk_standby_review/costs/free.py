"""Types that cost nothing themselves."""

from __future__ import annotations

from typing import Final

from ..knowledge import is_glue

FREE: Final = frozenset(
    {
        "AWS::ApiGatewayV2::VpcLink",
        "AWS::EFS::MountTarget",
        "AWS::EKS::FargateProfile",
        "AWS::GlobalAccelerator::EndpointGroup",
        "AWS::GlobalAccelerator::Listener",
        "AWS::Route53::CidrCollection",
        "AWS::Route53::RecordSet",
        "AWS::Route53::RecordSetGroup",
        "AWS::Route53RecoveryControl::ControlPanel",
        "AWS::Route53RecoveryControl::RoutingControl",
        "AWS::Route53RecoveryControl::SafetyRule",
    }
)
"""Types with a fate of their own that are paid with something else, or not at all."""

PAID_GLUE: Final = frozenset(
    {
        "AWS::CloudFront::AnycastIpList",
        "AWS::CodeBuild::Fleet",
        "AWS::EKS::Capability",
        "AWS::ResilienceHubV2::Service",
        "AWS::Route53Resolver::FirewallDomainList",
    }
)
"""Types that only connect or configure others, and yet cost something that nobody has looked up."""


def is_free(type: str) -> bool:
    """Whether a type is known to cost nothing; one that costs something has a pricer, which is asked first."""
    return type in FREE or (is_glue(type) and type not in PAID_GLUE)
