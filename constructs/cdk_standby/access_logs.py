"""Who called: the logs of load balancers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Acknowledgment, CfnResource, Duration, RemovalPolicy, Stack, Validations, region_info
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ._checks import Rule, check

if TYPE_CHECKING:
    from aws_cdk import aws_elasticloadbalancingv2 as elb

_ELB_LOGS = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"
_DAY = 86400
_S3_LIFECYCLE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html"

_RULES = [
    Rule(
        option="retention",
        broken=lambda o: not o["retention"].is_unresolved() and not _whole_days(o["retention"]),
        allowed="whole days, 1 or more",
        why="S3 expires objects by the day",
        source=_S3_LIFECYCLE,
    ),
]


def _whole_days(span: Duration) -> bool:
    return span.to_seconds() >= _DAY and span.to_seconds() % _DAY == 0


_ACCEPTED = {
    "AwsSolutions::AwsSolutions-S1": "it is itself the log bucket; a log of log deliveries would log itself",
    "NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled": "it is itself the log bucket; a log of log deliveries "
    "would log itself",
    "NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled": "access logs describe the traffic of their own "
    "Region, are rebuilt by nobody and needed by no recovery",
    "NIST.800.53.R5::NIST.800.53.R5-S3DefaultEncryptionKMS": "Elastic Load Balancing delivers to buckets encrypted "
    f"by SSE-S3 only: {_ELB_LOGS}",
}


class AccessLogs(Construct):
    """A bucket for the logs of its Region's load balancers: private, over TLS only, versioned, emptied by age.

    It holds no data of the workload. Zone loss: S3 spans zones. Region loss: the logs come back with their Region.
    """

    bucket: s3.Bucket

    def __init__(self, scope: Construct, id: str, *, retention: Duration | None = None) -> None:
        """Make the bucket; load balancers add their own permission to write.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            retention: how long logs are kept, in whole days; left out: 365 days. Deleted versions go a week later.

        Raises:
            InvalidOptions: the retention is not made of whole days.
        """
        super().__init__(scope, id)
        kept = retention or Duration.days(365)
        check(self, _RULES, {"retention": kept})
        self.bucket = s3.Bucket(self, "Bucket", lifecycle_rules=[_by_age(kept)], **_SAFE)
        for rule, reason in _ACCEPTED.items():
            Validations.of(self.bucket).acknowledge(Acknowledgment(id=rule, reason=reason))


def log_health_checks(balancer: elb.ApplicationLoadBalancer, bucket: s3.IBucket, prefix: str) -> None:
    """Have an Application Load Balancer write every result of its health checks: the CDK has no method for it yet.

    Args:
        balancer: in a stack whose Region is known, since the Region decides who delivers.
        bucket: of the same Region.
        prefix: before the names of the objects.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-health-check-logging.html
    """
    stack = Stack.of(balancer)
    account = region_info.RegionInfo.get(stack.region).elbv2_account
    deliverer = iam.AccountPrincipal(account) if account else iam.ServicePrincipal(_DELIVERER)
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["s3:PutObject"],
            principals=[deliverer],
            resources=[bucket.arn_for_objects(f"{prefix}/AWSLogs/{stack.account}/*")],
        )
    )
    for name, value in {"enabled": "true", "bucket": bucket.bucket_name, "prefix": prefix}.items():
        balancer.set_attribute(f"health_check_logs.s3.{name}", value)
    resource = balancer.node.default_child
    policy = bucket.policy.node.default_child if bucket.policy else None
    if isinstance(resource, CfnResource) and isinstance(policy, CfnResource):
        resource.add_resource_dependency(policy)


_DELIVERER = "logdelivery.elasticloadbalancing.amazonaws.com"
_SAFE: dict[str, Any] = {
    "encryption": s3.BucketEncryption.S3_MANAGED,
    "block_public_access": s3.BlockPublicAccess.BLOCK_ALL,
    "object_ownership": s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    "enforce_ssl": True,
    "minimum_tls_version": 1.2,
    "versioned": True,
    "removal_policy": RemovalPolicy.RETAIN,
}


def _by_age(kept: Duration) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="by-age",
        expiration=kept,
        noncurrent_version_expiration=Duration.days(7),
        abort_incomplete_multipart_upload_after=Duration.days(7),
    )
