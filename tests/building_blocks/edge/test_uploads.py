"""Buckets that CloudFront may read: what their policies say; and the validators find nothing in all of it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_standby._checks import InvalidOptions
from cdk_standby.access_logs import AccessLogs
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.edge.accelerator import AcceleratorEndpoint, GlobalAccelerator
from cdk_standby.edge.cloudfront import ALL_METHODS, CacheBehavior, CachedSite, SiteOrigin
from cdk_standby.edge.uploads import UploadsOrigin
from cdk_standby.keys import DataKey

GUIDE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"
)
CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"
BALANCER = "arn:aws:elasticloadbalancing:{}:111111111111:loadbalancer/app/shop/50dc6c495c0c9188"
REGIONS = ("eu-west-1", "eu-central-1")


def bucket_in(stack: cdk.Stack) -> s3.Bucket:
    bucket = s3.Bucket(
        stack,
        "Uploads",
        bucket_name=f"uploads-{stack.region}",
        encryption=s3.BucketEncryption.KMS,
        encryption_key=DataKey(stack, "Key").key,
        versioned=True,
        enforce_ssl=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        server_access_logs_bucket=AccessLogs(stack, "Logs").bucket,
    )
    rule = "NIST.800.53.R5::NIST.800.53.R5-S3BucketReplicationEnabled"
    cdk.Validations.of(bucket).acknowledge(cdk.Acknowledgment(id=rule, reason="a test of reading"))
    return bucket


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Buckets of two Regions, the site that reads them, and an accelerator: one app."""
    site = make_stack(name="Site", region="us-east-1")
    stacks = {region: make_stack(name=f"Data-{region}", region=region, app=site.node.root) for region in REGIONS}
    origins = [
        UploadsOrigin(
            stack,
            "Read",
            bucket=bucket_in(stack),
            distribution_id="E2QWRUHAPOMQZL" if stack.region == REGIONS[1] else None,
        ).origin
        for stack in stacks.values()
    ]
    CachedSite(
        site,
        "Shop",
        primary=SiteOrigin(region=REGIONS[0], domain="eu-west-1.shop.example.com"),
        secondary=SiteOrigin(region=REGIONS[1], domain="eu-central-1.shop.example.com"),
        domain_names=["shop.example.com"],
        certificate=acm.Certificate.from_certificate_arn(site, "Certificate", CERTIFICATE),
        paths={
            "/uploads/*": CacheBehavior(primary=origins[0], secondary=origins[1]),
            "/api/*": CacheBehavior(primary=SiteOrigin(domain="api.shop.example.com"), methods=ALL_METHODS),
        },
        logs=AccessLogs(site, "Logs").bucket,
        alarms=AlarmTopic(site, "Alarms"),
    )
    entrance = make_stack(name="Entrance", region="us-west-2", app=site.node.root)
    GlobalAccelerator(
        entrance,
        "Shop",
        name="shop",
        endpoints={region: [AcceleratorEndpoint(id=BALANCER.format(region))] for region in REGIONS},
        dials={REGIONS[1]: 0},
        flow_logs=AccessLogs(entrance, "Logs").bucket,
        alarms=AlarmTopic(entrance, "Alarms"),
    )
    templates = {stack.region: template(stack) for stack in (*stacks.values(), site, entrance)}
    return SimpleNamespace(app=site.node.root, templates=templates)


def statements(template: dict[str, Any], type: str, document: str) -> list[dict[str, Any]]:
    return [
        statement
        for resource in template["Resources"].values()
        if resource["Type"] == type
        for statement in resource["Properties"][document]["Statement"]
        if "cloudfront" in str(statement["Principal"])
    ]


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert [
        found for region in ("us-east-1", "us-west-2") for found in lint(world.templates[region], region=region)
    ] == []


@pytest.mark.capability("EDGE-10")
def test_cloudfront_reads_for_the_distributions_of_the_account_or_for_one(world):
    reads = [statements(world.templates[region], "AWS::S3::BucketPolicy", "PolicyDocument") for region in REGIONS]
    conditions = [str(statement["Condition"]["ArnLike"]["aws:SourceArn"]) for [statement] in reads]

    assert [statement["Action"] for [statement] in reads] == ["s3:GetObject", "s3:GetObject"]
    assert ":distribution/*" in conditions[0]
    assert ":distribution/E2QWRUHAPOMQZL" in conditions[1]


@pytest.mark.capability("EDGE-10")
def test_cloudfront_decrypts_by_the_key_of_the_bucket(world):
    [decrypts] = statements(world.templates[REGIONS[0]], "AWS::KMS::Key", "KeyPolicy")

    assert decrypts["Action"] == "kms:Decrypt"
    assert "distribution/*" in str(decrypts["Condition"])


@pytest.mark.capability("EDGE-10")
@pytest.mark.capability("STO-14")
def test_both_buckets_are_one_origin_group_of_their_path(world):
    [site] = [
        r["Properties"]["DistributionConfig"]
        for r in world.templates["us-east-1"]["Resources"].values()
        if r["Type"] == "AWS::CloudFront::Distribution"
    ]
    names = {origin["Id"]: str(origin["DomainName"]) for origin in site["Origins"]}

    assert [behavior["TargetOriginId"] for behavior in site["CacheBehaviors"]] == ["path-1", "path-2-primary"]
    assert "uploads-eu-west-1.s3.eu-west-1." in names["path-1-primary"]
    assert "uploads-eu-central-1.s3.eu-central-1." in names["path-1-secondary"]


def test_no_template_reads_another_region(world):
    assert [region for region, template in world.templates.items() if "Fn::ImportValue" in str(template)] == []
    assert [region for region, template in world.templates.items() if "GetStackOutput" in str(template)] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"distribution_id": "arn"},
            "'distribution_id' is 'arn'; allowed: an id such as E2QWRUHAPOMQZL, because the bucket lets one "
            f"distribution in by its id ({GUIDE}#oac-permission-to-access-s3)",
        ),
        (
            {},
            "'bucket' is 'Test/Imported'; allowed: a bucket of this app, because CloudFront is let in by a statement "
            f"in its policy, and that of an imported one cannot be extended ({GUIDE}#oac-permission-to-access-s3)",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(make_stack, options, message):
    stack = make_stack()
    imported = s3.Bucket.from_bucket_name(stack, "Imported", "uploads")

    with pytest.raises(InvalidOptions) as caught:
        UploadsOrigin(stack, "Read", bucket=imported, **options)

    assert str(caught.value) == f"Test/Read: {message}"


def test_a_key_whose_policy_is_elsewhere_is_refused(make_stack):
    stack = make_stack()
    key = kms.Key.from_key_arn(
        stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
    )

    with pytest.raises(InvalidOptions) as caught:
        UploadsOrigin(stack, "Read", bucket=s3.Bucket(stack, "Bucket", encryption_key=key))

    assert str(caught.value) == (
        "Test/Read: 'bucket.encryption_key' is 'Test/Key'; allowed: a key of this app, because CloudFront is let in by "
        f"a statement in its policy, and that of an imported one cannot be extended ({GUIDE}#oac-prerequisites)"
    )
