"""What validators are told of the role of a service."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby import Service
from cdk_standby.relational._parts import accept


def accept_of_role(service: Service, because: str, wildcard: str) -> None:
    """A wildcard in what was granted to a service, by the part that AwsSolutions-IAM5 names."""
    policy = _policy(service.role)
    if policy is not None:
        accept(policy, because, f"AwsSolutions::AwsSolutions-IAM5[{wildcard}]")


def _policy(role: iam.IRole) -> Construct | None:
    found = role.node.try_find_child("DefaultPolicy")
    return found if isinstance(found, Construct) else None
