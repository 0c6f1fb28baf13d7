"""What a load balancer works with stands in its Region."""

from __future__ import annotations

from collections.abc import Iterator

from aws_cdk import Stack

from cdk_standby_review.facts import elb as facts

from .._checks import Problem, shown
from .._tokens import is_token
from ..access_logs import AccessLogs


def log_problems(where: str, region: str, logs: AccessLogs | None) -> Iterator[Problem]:
    """A bucket of another Region."""
    there = region if logs is None else Stack.of(logs).region
    if logs is not None and there != region and not (is_token(there) or is_token(region)):
        yield Problem(
            where=where,
            option="access_logs",
            got=f"{logs.node.path} of {there}",
            allowed=f"a bucket of {region}",
            why=facts.LOG_BUCKET.says,
            source=facts.LOG_BUCKET.source,
        )


def web_acl_problems(where: str, region: str, arn: str | None) -> Iterator[Problem]:
    """A web ACL of another Region, or of CloudFront."""
    if arn is None or is_token(arn):
        return
    parts = arn.split(":", 5)
    regional = len(parts) == 6 and parts[2] == "wafv2" and parts[5].startswith("regional/webacl/")
    if not regional or (not is_token(region) and parts[3] != region):
        yield Problem(
            where=where,
            option="web_acl_arn",
            got=shown(arn),
            allowed=f"the ARN of a regional web ACL of {region}",
            why=facts.WEB_ACL.says,
            source=facts.WEB_ACL.source,
        )
