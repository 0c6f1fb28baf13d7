"""Roles of AWS services, in the types that other CDK calls take.

jsii names some parameters differently in a class and in the interface that it implements: pyright sees two types
where there is one. The casts of that kind stand here, so that few others need any.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from aws_cdk import aws_iam as iam
from constructs import Construct


def service(name: str) -> iam.IPrincipal:
    """The principal of an AWS service: `service("backup")` is backup.amazonaws.com."""
    return cast("iam.IPrincipal", iam.ServicePrincipal(f"{name}.amazonaws.com"))


def role_for(scope: Construct, id: str, name: str, *, policies: Sequence[iam.IManagedPolicy] = ()) -> iam.IRole:
    """A role that an AWS service, and nobody else, can assume."""
    return cast("iam.IRole", iam.Role(scope, id, assumed_by=service(name), managed_policies=list(policies)))
