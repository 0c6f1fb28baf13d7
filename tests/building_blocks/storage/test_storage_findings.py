"""Buckets, secrets, images and queues leave nothing to find, for cdk-nag's packs, the CDK itself and cfn-lint."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.messaging.queue import Queue
from cdk_standby.storage.app_secret import AppSecret, SecretReplica
from cdk_standby.storage.bucket import Bucket, BucketReplica, ObjectLock
from cdk_standby.storage.image_repository import ImageReplicas, ImageReplication, ImageRepository
from cdk_standby.storage.multi_region_access_point import MultiRegionAccessPoint


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """One of everything, under no feature flags, in an account and a Region that only the deployment knows."""
    stack = make_stack(flags="none", region=None)
    key = DataKey(stack, "Key", alias="alias/shop").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    replica = BucketReplica(region="eu-central-1", bucket_name=f"shop-{cdk.Aws.ACCOUNT_ID}-there", key="alias/shop")
    bucket = Bucket(
        stack,
        "Bucket",
        key=key,
        bucket_name=f"shop-{cdk.Aws.ACCOUNT_ID}-here",
        replicate_to=[replica],
        object_lock=ObjectLock(),
        mfa_to_delete=True,
        transitions={"STANDARD_IA": cdk.Duration.days(30)},
        archive_after=cdk.Duration.days(90),
        alarms=alarms,
    )
    bucket.back_up_by(iam.Role(stack, "Backups", assumed_by=iam.ServicePrincipal("backup.amazonaws.com")))
    Bucket(stack, "Alone", key=key, access_logs=bucket.access_logs)
    MultiRegionAccessPoint(stack, "Point", name="shop", buckets=["shop-here", "shop-there"])
    Queue(stack, "Queue", key=key, alarms=alarms)
    Queue(stack, "Ordered", queue_name="orders.fifo", fifo=True)
    replicas = [SecretReplica(region="eu-central-1", key="alias/shop")]
    AppSecret(stack, "Secret", key=key, name="shop/payment", replicas=replicas)
    ImageRepository(stack, "Images", repository_name="shop/web", key=key)
    ImageReplication(stack, "Replication", prefixes=["shop/"], regions=["eu-central-1"])
    ImageReplicas(stack, "Replicas", prefix="shop/", key=key)
    return SimpleNamespace(app=stack.node.root, template=template(stack))


@pytest.mark.capability("STO-08")
@pytest.mark.capability("STO-12")
@pytest.mark.capability("MSG-11")
def test_cdk_nag_the_cdk_itself_and_cfn_lint_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


def test_the_stack_of_a_service_is_let_in_and_the_stack_of_the_data_never_needs_it(make_stack, template):
    data = make_stack(flags="none", name="Data")
    service = make_stack(app=data.node.root, name="Service")
    key = DataKey(data, "Key").key
    bucket, queue = Bucket(data, "Bucket", key=key), Queue(data, "Queue", key=key)
    secret = AppSecret(data, "Secret", key=key, name="shop/payment")
    images = ImageRepository(data, "Images", repository_name="shop/web", key=key)
    role = iam.Role(service, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
    for grant in (
        bucket.grant_read_write,
        bucket.back_up_by,
        queue.grant_send,
        queue.grant_consume,
        queue.grant_redrive,
        secret.grant_read,
        images.grant_pull,
    ):
        grant(role)

    template(data)

    assert [stack.stack_name for stack in service.dependencies] == ["Data"]
    assert data.dependencies == []
