"""How a bucket tier becomes a bucket at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_standby import Bucket as ReplicatedBucket
from cdk_standby import BucketReplica
from cdk_standby.storage import _bucket_access as access

from .backup_parts import back_up
from .names import partition
from .role_parts import accept_of_role
from .sites import Offer, Site
from .tiers._tier import Kind

if TYPE_CHECKING:
    from cdk_standby import Service

    from .tiers.bucket import Bucket

NEW_PARTNERS = "cdk-standby:new-partners"
"""Context key: no bucket replicates yet, since some of its partners are about to be made."""


def build_bucket(scope: Construct, tier: Bucket, site: Site) -> Offer:
    """One Region's bucket; who serves makes no difference to it."""
    bucket = ReplicatedBucket(
        scope,
        tier.name.capitalize(),
        key=site.data_key,
        bucket_name=site.names.bucket(tier.name, site.region),
        replicate_to=[_partner(tier, site, other) for other in site.beside[Kind.BUCKET]],
        partners_exist=not scope.node.try_get_context(NEW_PARTNERS),
        no_time_control_because=tier.no_time_control_because,
        object_lock=tier.object_lock,
        expire_after=tier.expire_after,
        keep_versions=tier.keep_versions,
        alarms=site.alarms,
    )
    plan = back_up(scope, tier.name, site, bucket.bucket_arn)
    bucket.back_up_by(plan.role)

    name = site.names.bucket(tier.name, site.region)
    return Offer(environment={"BUCKET": name}, admit=lambda service: _admit(service, name, site))


def _admit(service: Service, name: str, site: Site) -> None:
    """By the bucket's name, which is known: nothing is read from the stack that holds it."""
    there = s3.Bucket.from_bucket_arn(service, name, f"arn:{partition(site.region)}:s3:::{name}")
    access.grant(there, service, (*access.READ, *access.WRITE))
    iam.Grant.add_to_principal(
        grantee=service,
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
        resource_arns=[site.data_key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"s3.{site.region}.amazonaws.com"}},
    )
    objects = there.arn_for_objects("*")
    accept_of_role(service, "all objects of one bucket, which is what it is for", f"Resource::{objects}")


def _partner(tier: Bucket, site: Site, region: str) -> BucketReplica:
    return BucketReplica(
        region=region,
        bucket_name=site.names.bucket(tier.name, region),
        key=site.names.data_key_alias(region),
    )
