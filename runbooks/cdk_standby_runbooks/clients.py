"""What the runbooks ask of AWS: few calls, written down as Protocols, so that a test passes a ten-line fake.

A client raises `ApiError` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Answer = Mapping[str, Any]


class ApiError(Exception):
    """AWS refused a call, or did not answer it.

    Args:
        code: AWS's own error code; the SDK's name for what went wrong when there was no answer.
        message: AWS's own words.
        call: for example ``rds:DescribeGlobalClusters``.
        region: where it was sent.
        reachable: False when the Region did not answer, or answered 5xx to every try.
    """

    def __init__(self, *, code: str, message: str, call: str, region: str, reachable: bool = True) -> None:
        super().__init__(f"{call} in {region}: {code}: {message}")
        self.code = code
        self.message = message
        self.call = call
        self.region = region
        self.reachable = reachable


class Rds(Protocol):
    """Aurora global databases, and instances that people promote."""

    def describe_global_clusters(self, **request: Any) -> Answer: ...
    def describe_db_clusters(self, **request: Any) -> Answer: ...
    def describe_db_instances(self, **request: Any) -> Answer: ...
    def failover_global_cluster(self, **request: Any) -> Answer: ...
    def switchover_global_cluster(self, **request: Any) -> Answer: ...


class AutoScaling(Protocol):
    """Auto Scaling groups."""

    def describe_auto_scaling_groups(self, **request: Any) -> Answer: ...
    def update_auto_scaling_group(self, **request: Any) -> Answer: ...


class CloudFormation(Protocol):
    """Stacks, of which a parameter is changed."""

    def describe_stacks(self, **request: Any) -> Answer: ...
    def describe_stack_events(self, **request: Any) -> Answer: ...
    def update_stack(self, **request: Any) -> Answer: ...


class LoadBalancing(Protocol):
    """Target groups."""

    def describe_target_health(self, **request: Any) -> Answer: ...


class CloudWatch(Protocol):
    """The switch metric, its alarm, and replication lag."""

    def put_metric_data(self, **request: Any) -> Answer: ...
    def describe_alarms(self, **request: Any) -> Answer: ...
    def list_metrics(self, **request: Any) -> Answer: ...
    def get_metric_data(self, **request: Any) -> Answer: ...


class Route53(Protocol):
    """What DNS answers; a global service whose API lives in us-east-1."""

    def test_dns_answer(self, **request: Any) -> Answer: ...


class Ssm(Protocol):
    """Where plans are stored."""

    def get_parameter(self, **request: Any) -> Answer: ...


class Sts(Protocol):
    """Who is calling."""

    def get_caller_identity(self, **request: Any) -> Answer: ...


class Clients(Protocol):
    """A client per service and Region."""

    def rds(self, region: str) -> Rds: ...
    def autoscaling(self, region: str) -> AutoScaling: ...
    def cloudformation(self, region: str) -> CloudFormation: ...
    def elbv2(self, region: str) -> LoadBalancing: ...
    def cloudwatch(self, region: str) -> CloudWatch: ...
    def route53(self) -> Route53: ...
    def ssm(self, region: str) -> Ssm: ...
    def sts(self, region: str) -> Sts: ...
