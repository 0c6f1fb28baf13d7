"""The Service Quotas of a Region that a failover uses up, and how many processors an instance has."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ._model import Confidence, Fact

_GENERAL = "https://docs.aws.amazon.com/general/latest/gr/"
_DATE = "2026-11-21"


def _quota(name: str, page: str) -> Fact[str]:
    return Fact(value=name, unit="quota", says=f"a Region allows so many: {name}", source=_GENERAL + page, date=_DATE)


PROCESSORS = _quota("vCPUs of running On-Demand instances", "ec2-service.html")
ADDRESSES = _quota("EC2-VPC Elastic IPs", "ec2-service.html")
GATEWAYS = _quota("NAT gateways per Availability Zone", "vpc-service.html")
VPCS = _quota("VPCs per Region", "vpc-service.html")
BALANCERS = _quota("load balancers per Region", "elb.html")
DATABASES = _quota("DB instances", "rds-service.html")
OF_TYPES: Mapping[str, Fact[str]] = {
    "AWS::EC2::EIP": ADDRESSES,
    "AWS::EC2::VPC": VPCS,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": BALANCERS,
    "AWS::RDS::DBInstance": DATABASES,
}
"""Those that one resource uses up by one."""
SIZES = Fact(
    value={"nano": 2, "micro": 2, "small": 2, "medium": 1, "large": 2, "xlarge": 4},
    unit="vCPUs",
    says="a size has the same number of processors in every family, but for burstable medium ones, which have two",
    source="assumed: by the names of sizes (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html)",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)


def processors(instance_type: str) -> int | None:
    """How many vCPUs an instance type has; None for sizes that do not say."""
    family, _, size = instance_type.partition(".")
    if many := re.fullmatch(r"(\d+)xlarge", size):
        return 4 * int(many.group(1))
    if size == "medium" and re.match(r"t\d", family):
        return 2
    return SIZES.value.get(size)
