"""What has a price: the name of each item, and the unit that its price is for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

HOUR, MONTH = "hour", "month"
_GB_MONTH, _MILLION = "GB-month", "million requests"

SIZED: Final[Mapping[str, str]] = {
    "aurora-io/": HOUR,
    "aurora/": HOUR,
    "dax/": HOUR,
    "ebs/": _GB_MONTH,
    "ec2/linux/": HOUR,
    "elasticache-serverless/": "GB-hour",
    "elasticache/": HOUR,
    "emr/": HOUR,
    "memorydb/": HOUR,
    "msk/": HOUR,
    "rds-cluster/": HOUR,
    "rds-iops/": "IOPS-month",
    "rds-storage/": _GB_MONTH,
    "rds/": HOUR,
    "redshift/": HOUR,
}
"""Items by their first part; a class, a type of node or of storage follows it."""

FIXED: Final[Mapping[str, str]] = {
    "arc/cluster": HOUR,
    "arc/region-switch-plan": MONTH,
    "aurora-io-serverless": "ACU-hour",
    "aurora-io-use/storage": _GB_MONTH,
    "aurora-serverless": "ACU-hour",
    "aurora-use/backup": _GB_MONTH,
    "aurora-use/requests": _MILLION,
    "aurora-use/storage": _GB_MONTH,
    "cloudwatch/alarm": MONTH,
    "cloudwatch/alarm-high-resolution": MONTH,
    "cloudwatch/composite-alarm": MONTH,
    "cloudwatch/dashboard": MONTH,
    "cloudwatch/metric": MONTH,
    "database-insights/acu": "ACU-hour",
    "database-insights/vcpu": "vCPU-hour",
    "dynamodb-use/point-in-time": _GB_MONTH,
    "dynamodb-use/reads": _MILLION,
    "dynamodb-use/replicated-writes": _MILLION,
    "dynamodb-use/storage": _GB_MONTH,
    "dynamodb-use/writes": _MILLION,
    "dynamodb/read-capacity": HOUR,
    "dynamodb/replicated-write-capacity": HOUR,
    "dynamodb/write-capacity": HOUR,
    "ebs/gp3-iops": "IOPS-month",
    "ebs/gp3-throughput": "MiB/s-month",
    "ebs/io1-iops": "IOPS-month",
    "efs-use/storage": _GB_MONTH,
    "efs/throughput": "MiB/s-month",
    "eks/cluster": HOUR,
    "elb/application": HOUR,
    "elb/application-lcu": HOUR,
    "elb/classic": HOUR,
    "elb/gateway": HOUR,
    "elb/gateway-lcu": HOUR,
    "elb/network": HOUR,
    "elb/network-lcu": HOUR,
    "fargate/arm-gb": "GB-hour",
    "fargate/arm-vcpu": "vCPU-hour",
    "fargate/gb": "GB-hour",
    "fargate/vcpu": "vCPU-hour",
    "global-accelerator/accelerator": HOUR,
    "kinesis/on-demand-stream": HOUR,
    "kinesis/shard": HOUR,
    "kms/key": MONTH,
    "logs-use/ingested": "GB",
    "logs-use/stored": _GB_MONTH,
    "msk-storage": _GB_MONTH,
    "rds-proxy/vcpu": "vCPU-hour",
    "rds-use/backup": _GB_MONTH,
    "resilience-hub/application": MONTH,
    "route53/health-check": MONTH,
    "route53/health-check-aws": MONTH,
    "route53/health-check-option": MONTH,
    "route53/health-check-option-aws": MONTH,
    "route53/hosted-zone": MONTH,
    "route53/resolver-address": HOUR,
    "s3-use/storage": _GB_MONTH,
    "secretsmanager/secret": MONTH,
    "ssm/advanced-parameter": MONTH,
    "transit-gateway/attachment": HOUR,
    "vpc-use/interface-endpoint-data": "GB",
    "vpc-use/nat-gateway-data": "GB",
    "vpc/gateway-balancer-endpoint": HOUR,
    "vpc/interface-endpoint": HOUR,
    "vpc/nat-gateway": HOUR,
    "vpc/public-ipv4": HOUR,
    "vpn/connection": HOUR,
    "waf/rule": MONTH,
    "waf/web-acl": MONTH,
}


def unit_of(item: str) -> str | None:
    """The unit of an item's price; None when there is no such item."""
    if item in FIXED:
        return FIXED[item]
    return next((unit for start, unit in SIZED.items() if item.startswith(start) and len(item) > len(start)), None)


def nearest(item: str) -> str | None:
    """The item that somebody may have meant."""
    found = difflib.get_close_matches(item, [*FIXED, *SIZED], n=1)
    return found[0] if found else None
