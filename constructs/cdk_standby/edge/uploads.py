"""What users uploaded, served from buckets of two Regions."""

from __future__ import annotations

import re

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import cloudfront as facts

from .._checks import InvalidOptions, Problem, Rule, check, shown
from .._roles import service
from .._tokens import is_token
from ._cloudfront_values import SiteOrigin

__all__ = ["UploadsOrigin"]

_POLICY = facts.ACCESS.source + "#oac-permission-to-access-s3"
_KEY = facts.ACCESS.source + "#oac-prerequisites"

RULES = (
    Rule(
        option="distribution_id",
        broken=lambda o: o["distribution_id"] is not None and not re.fullmatch(r"E[A-Z0-9]+", o["distribution_id"]),
        allowed="an id such as E2QWRUHAPOMQZL",
        why="the bucket lets one distribution in by its id",
        source=_POLICY,
    ),
    Rule(
        option="region",
        broken=lambda o: is_token(o["region"]),
        allowed="a stack with a Region",
        why="CloudFront asks for a bucket at its Region's own name",
        source=_POLICY,
    ),
)


class UploadsOrigin(Construct):
    """A bucket that CloudFront may read, as one of the two origins of a path; it stays closed to everybody else.

    It belongs into the stack of the bucket, one in each Region, and needs no other Region to be deployed. Give both to
    a `CacheBehavior` of the `CachedSite`: objects are then read from the secondary Region while the primary is lost, as
    far as S3 replicated them. An object that has not arrived there answers 403 or 404, as one that never was.

    Reading only: users upload by URLs that the service signs, into one bucket, which replicates to the other.
    """

    origin: SiteOrigin
    """For `CacheBehavior`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        bucket: s3.IBucket,
        distribution_id: str | None = None,
        path: str | None = None,
    ) -> None:
        """Let CloudFront read the bucket, and decrypt by its key.

        Args:
            scope: the parent, in the stack of the bucket.
            id: unique among the parent's children.
            bucket: made by this app, with a name of its own when its Region is not us-east-1; its policy and that of
                its key are extended.
            distribution_id: the only distribution that may read; left out: every distribution of this account, since
                CloudFront invents the id after the buckets are there. Give it from the second deployment on.
            path: what stands before the path that was asked for, such as /public; left out: the whole bucket is served.

        Raises:
            InvalidOptions: the bucket's policy cannot be extended, its Region is not known, or the id is none
                (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
        """
        super().__init__(scope, id)
        region = Stack.of(self).region
        check(self, RULES, {"distribution_id": distribution_id, "region": region})
        self.origin = SiteOrigin(region=region, bucket=bucket, path=path)
        reads = _allow("s3:GetObject", bucket.arn_for_objects("*"), distribution_id)
        if not bucket.add_to_resource_policy(reads).statement_added:
            raise InvalidOptions([self._closed("bucket", bucket, "a bucket of this app", _POLICY)])
        if (key := bucket.encryption_key) is not None:
            self._decrypt(key, distribution_id)

    def _decrypt(self, key: kms.IKey, distribution_id: str | None) -> None:
        # The key of an imported bucket is imported too, and a policy that is elsewhere is somebody else's.
        added = key.add_to_resource_policy(_allow("kms:Decrypt", "*", distribution_id), allow_no_op=True)
        if not added.statement_added:
            raise InvalidOptions([self._closed("bucket.encryption_key", key, "a key of this app", _KEY)])

    def _closed(self, option: str, what: s3.IBucket | kms.IKey, allowed: str, source: str) -> Problem:
        return Problem(
            where=self.node.path,
            option=option,
            got=shown(what.node.path),
            allowed=allowed,
            why="CloudFront is let in by a statement in its policy, and that of an imported one cannot be extended",
            source=source,
        )


def _allow(action: str, resource: str, distribution_id: str | None) -> iam.PolicyStatement:
    """For CloudFront on behalf of this account's distributions, or of one."""
    distribution = f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/{distribution_id or '*'}"
    return iam.PolicyStatement(
        principals=[service("cloudfront")],
        actions=[action],
        resources=[resource],
        conditions={"ArnLike": {"aws:SourceArn": distribution}},
    )
