"""One address for the buckets of several Regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby_review.facts import s3 as facts

from .._checks import Options, Rule, check
from .._tokens import is_token
from ._bucket_rules import bad_name

__all__ = ["MultiRegionAccessPoint"]

_READ = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket")
_WRITE = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject")
_ROUTES = ("s3:GetMultiRegionAccessPointRoutes", "s3:SubmitMultiRegionAccessPointRoutes")


class MultiRegionAccessPoint(Construct):
    """One address for buckets that replicate to one another, whose routes move when a Region is lost.

    When it is made all its Regions are active: requests go to the closest bucket, and around a Region that the network
    does not reach. Region loss: whoever fails over makes the lost Region passive, in any of five Regions
    (`failover_regions`), and requests go to the others within two minutes; clients keep their address. It replicates
    nothing: the buckets do, so what had not arrived is missing here too, and two active Regions may answer differently.

    Its buckets have to exist, so it stands in a stack that is deployed after theirs; and it is made by a control plane
    in us-west-2, so it is no part of a failover. Once made, it needs that Region no more.
    """

    access_point: s3.CfnMultiRegionAccessPoint
    failover_regions: tuple[str, ...]
    """Where its routes can be read and changed."""

    def __init__(self, scope: Construct, id: str, *, buckets: Sequence[str], name: str) -> None:
        """Build the access point.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another address.
            buckets: the names of 2 to 17 buckets, each of another Region. Another bucket makes another access point,
                with another address: do that beside the old one, under another name. Create-only.
            name: its name in the account; the address is made up by AWS. Create-only.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html).
        """
        super().__init__(scope, id)
        check(self, _RULES, {"buckets": buckets, "name": name})
        self.failover_regions = facts.ROUTING_REGIONS.value
        self.access_point = s3.CfnMultiRegionAccessPoint(
            self,
            "AccessPoint",
            name=name,
            regions=[s3.CfnMultiRegionAccessPoint.RegionProperty(bucket=bucket) for bucket in buckets],
            public_access_block_configuration=s3.CfnMultiRegionAccessPoint.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
        )
        self.access_point.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)

    @property
    def alias(self) -> str:
        """The first part of its address, ``<alias>.accesspoint.s3-global.amazonaws.com``."""
        return self.access_point.attr_alias

    @property
    def access_point_arn(self) -> str:
        """What clients give as the name of a bucket; their SDK has to sign with SigV4A."""
        return f"arn:{Aws.PARTITION}:s3::{Stack.of(self).account}:accesspoint/{self.alias}"

    def grant_read(self, grantee: iam.IGrantable) -> None:
        """Let somebody read through it. The buckets and their keys have to let them, too."""
        self._grant(grantee, _READ)

    def grant_read_write(self, grantee: iam.IGrantable) -> None:
        """Let somebody read, write and delete through it. The buckets and their keys have to let them, too."""
        self._grant(grantee, (*_READ, *_WRITE))

    def grant_failover(self, grantee: iam.IGrantable) -> None:
        """Let somebody move its routes: a runbook, and whoever is on call."""
        iam.Grant.add_to_principal(grantee=grantee, actions=list(_ROUTES), resource_arns=[self.access_point_arn])

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str]) -> None:
        arns = [self.access_point_arn, f"{self.access_point_arn}/object/*"]
        iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=arns)


def _bad_number(options: Options) -> bool:
    buckets = options["buckets"]
    return len(buckets) not in facts.ACCESS_POINT_REGIONS.value or len(set(buckets)) < len(buckets)


def _bad_buckets(options: Options) -> bool:
    return any(map(bad_name, options["buckets"]))


def _bad_name(options: Options) -> bool:
    name = options["name"]
    return not is_token(name) and re.fullmatch(facts.ACCESS_POINT_NAMES.value, name) is None


def _rule(option: str, broken: Any, allowed: str, fact: Any) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source)


_RULES = (
    _rule("buckets", _bad_number, "2 to 17 buckets, each of them once", facts.ACCESS_POINT_REGIONS),
    _rule(
        "buckets",
        _bad_buckets,
        "names such as 'shop-uploads-eu-west-1'",
        facts.NAMES,
    ),
    _rule("name", _bad_name, "a name such as 'shop-uploads'", facts.ACCESS_POINT_NAMES),
)
