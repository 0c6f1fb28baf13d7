"""The resource types that the local AWS can make: one handler each, a module per service.

A template with a type that is not here fails before anything of it is made, and says so by name.
"""

from __future__ import annotations

from . import (
    acm,
    autoscaling,
    backup,
    cdk,
    cloudwatch,
    dsql,
    ec2_launch,
    ec2_network,
    ec2_security,
    ecr,
    elbv2,
    iam,
    kms,
    logs,
    messages,
    operating,
    rds,
    route53,
    s3,
    secretsmanager,
    ssm,
    zonal_shift,
)
from ._model import Handler

MODULES = (
    acm,
    autoscaling,
    backup,
    cdk,
    cloudwatch,
    dsql,
    ec2_launch,
    ec2_network,
    ec2_security,
    ecr,
    elbv2,
    iam,
    kms,
    logs,
    messages,
    operating,
    rds,
    route53,
    s3,
    secretsmanager,
    ssm,
    zonal_shift,
)

HANDLERS: dict[str, Handler] = {type: handler for module in MODULES for type, handler in module.HANDLERS.items()}
