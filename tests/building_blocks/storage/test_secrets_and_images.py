"""Secrets that are copied, and images that replicate: what is in the templates, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.storage.app_secret import AppSecret, SecretReplica
from cdk_standby.storage.image_repository import ImageReplicas, ImageReplication, ImageRepository

KEY = "arn:aws:kms:eu-west-1:111111111111:key/0a0a0a0a-0000-0000-0000-000000000000"
FRANKFURT = SecretReplica(region="eu-central-1", key="alias/shop")
KINDS = {"AWS::SecretsManager::Secret", "AWS::ECR::Repository"}


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Ireland, which writes and pushes, and Frankfurt, which reads and pulls."""
    here = make_stack(name="Here")
    there = make_stack(name="There", region="eu-central-1", app=here.node.root)
    keys = {
        stack: kms.Key.from_key_arn(stack, "Key", KEY.replace("eu-west-1", stack.region)) for stack in (here, there)
    }
    rotate = lambda_.Function(
        here,
        "Rotate",
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    secret = AppSecret(
        here, "Payment", key=keys[here], name="shop/payment", fields={"user": "shop"}, replicas=[FRANKFURT]
    )
    AppSecret(here, "Rotated", key=keys[here], name="shop/rotated", rotation=rotate, deletable_because="a lab")
    roles = [
        iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        for stack in (here, there)
    ]
    copy = AppSecret.from_name(there, "Copy", name="shop/payment", key=keys[there])
    secret.grant_read(roles[0])
    copy.grant_read(roles[1])
    AppSecret.grant_promotion(iam.ManagedPolicy(there, "OnCall", roles=[roles[1]]), copy)
    web = ImageRepository(here, "Web", repository_name="shop/web", key=keys[here])
    web.grant_pull(roles[0])
    ImageRepository(
        here,
        "Lab",
        repository_name="shop/lab",
        keep_images=10,
        mutable_because="tags are branches",
        unscanned_because="nothing runs from it",
        deletable_because="a lab",
    )
    ImageReplication(here, "Replication", prefixes=["shop/"], regions=["eu-central-1"])
    ImageReplicas(there, "Replicas", prefix="shop/", key=keys[there])
    return SimpleNamespace(here=template(here), there=template(there))


@pytest.fixture(scope="module")
def one(world: SimpleNamespace) -> Callable[..., dict[str, Any]]:
    """The one resource of a type, in one of the templates, whose logical id begins so."""

    def of(type: str, beginning: str = "", *, at: str = "here") -> dict[str, Any]:
        template = getattr(world, at)["Resources"]
        [found] = [r for name, r in template.items() if r["Type"] == type and name.startswith(beginning)]
        return dict(found)

    return of


def test_a_secret_is_copied_with_a_key_of_each_region_and_never_written_down(one):
    secret = one("AWS::SecretsManager::Secret", "Payment")

    assert secret["DeletionPolicy"] == "RetainExceptOnCreate"
    assert secret["Properties"] == {
        "Name": "shop/payment",
        "Description": "Secret Here/Payment",
        "KmsKeyId": KEY,
        "GenerateSecretString": {
            "ExcludeCharacters": "\"@/\\ '`$%{}",
            "GenerateStringKey": "password",
            "PasswordLength": 32,
            "SecretStringTemplate": '{"user": "shop"}',
        },
        "ReplicaRegions": [{"Region": "eu-central-1", "KmsKeyId": "alias/shop"}],
    }


def test_a_secret_is_changed_by_a_function_that_secrets_manager_may_call(one):
    schedule = one("AWS::SecretsManager::RotationSchedule")["Properties"]
    permission = one("AWS::Lambda::Permission")["Properties"]

    assert schedule["RotationRules"] == {"ScheduleExpression": "rate(30 days)"}
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert one("AWS::SecretsManager::Secret", "Rotated")["DeletionPolicy"] == "Delete"


def test_the_other_region_reads_its_copy_by_name_and_needs_nothing_of_the_first(world, one):
    [policy] = [
        r["Properties"]["PolicyDocument"]["Statement"]
        for name, r in world.there["Resources"].items()
        if r["Type"] == "AWS::IAM::Policy" and name.startswith("Service")
    ]
    promotion = one("AWS::IAM::ManagedPolicy", "OnCall", at="there")["Properties"]["PolicyDocument"]["Statement"]

    assert "AWS::SecretsManager::Secret" not in {r["Type"] for r in world.there["Resources"].values()}
    assert ":secretsmanager:eu-central-1:111111111111:secret:shop/payment-??????" in str(policy)
    assert "eu-west-1" not in str(policy)
    assert promotion[0]["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:StopReplicationToReplica"]


def test_tags_of_images_mean_one_image_for_ever(one):
    web, lab = one("AWS::ECR::Repository", "Web"), one("AWS::ECR::Repository", "Lab")

    assert web["DeletionPolicy"] == "RetainExceptOnCreate"
    assert web["Properties"]["ImageTagMutability"] == "IMMUTABLE"
    assert web["Properties"]["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert web["Properties"]["EncryptionConfiguration"] == {"EncryptionType": "KMS", "KmsKey": KEY}
    assert '"countNumber": 500' in web["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"]
    assert (lab["DeletionPolicy"], lab["Properties"]["EmptyOnDelete"]) == ("Delete", True)
    assert lab["Properties"]["ImageTagMutability"] == "MUTABLE"
    assert lab["Properties"]["EncryptionConfiguration"] == {"EncryptionType": "AES256"}


def test_a_registry_sends_what_has_the_prefix(one):
    found = one("AWS::ECR::ReplicationConfiguration")["Properties"]["ReplicationConfiguration"]

    assert found == {
        "Rules": [
            {
                "Destinations": [{"Region": "eu-central-1", "RegistryId": "111111111111"}],
                "RepositoryFilters": [{"Filter": "shop/", "FilterType": "PREFIX_MATCH"}],
            }
        ]
    }


def test_the_registry_that_receives_makes_repositories_as_safe_as_the_first(one):
    found = one("AWS::ECR::RepositoryCreationTemplate", at="there")["Properties"]
    role = one("AWS::IAM::ManagedPolicy", "ReplicasPolicy", at="there")["Properties"]["PolicyDocument"]["Statement"]

    assert (found["AppliedFor"], found["Prefix"], found["ImageTagMutability"]) == (
        ["REPLICATION"],
        "shop/",
        "IMMUTABLE",
    )
    assert found["EncryptionConfiguration"]["KmsKey"] == KEY.replace("eu-west-1", "eu-central-1")
    assert "ReplicasRole" in found["CustomRoleArn"]["Fn::GetAtt"][0]
    assert [s["Action"] for s in role] == [
        ["ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource"],
        ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
    ]


def test_what_was_weakened_stands_in_the_template(world):
    assert world.here["Metadata"]["cdk-standby:weakened"] == {
        "Here/Rotated": {"deletable": "a lab"},
        "Here/Lab": {"mutable": "tags are branches", "unscanned": "nothing runs from it", "deletable": "a lab"},
    }


def test_logical_ids_of_what_is_kept_never_change(world):
    assert {name for name, r in world.here["Resources"].items() if r["Type"] in KINDS} == {
        "LabRepositoryAA580EBF",
        "PaymentSecret6BC2EA98",
        "RotatedSecret43CA07E2",
        "WebRepository9CF9F09E",
    }


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    stack = make_stack()
    kms.Key.from_key_arn(stack, "Key", KEY)
    ImageReplication(stack, "First", prefixes=["shop/"], regions=["eu-central-1"])
    return stack


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/It"."""

    def ask(kind: type[Any], **options: Any) -> list[str]:
        name = f"It{len(scope.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            kind(scope, name, **options)
        return str(caught.value).replace(name, "It").split("\n")

    return ask


SECRETS = "https://docs.aws.amazon.com/secretsmanager/latest/"
ECR = "https://docs.aws.amazon.com/AmazonECR/latest/"


def test_secrets_that_cannot_work_are_refused(refused, scope):
    key = scope.node.find_child("Key")
    here = SecretReplica(region="eu-west-1", key="alias/shop")

    told = refused(
        AppSecret,
        key=key,
        name="shop-abcdef",
        replicas=[here],
        length=4,
        fields={"password": "x"},
        rotate_every=cdk.Duration.hours(4),
    )

    assert told == [
        "Test/It: 'name' is 'shop-abcdef'; allowed: a name such as 'shop/payment', because a name has up to 256 "
        "letters, digits and '/_+=.@-'; one that ends with a hyphen and six characters is taken for an ARN "
        f"({SECRETS}apireference/API_CreateSecret.html)",
        f"Test/It: 'replicas' is [{here}]; allowed: each other Region of AWS once, because a copy of the secret is for "
        f"the day when this Region is lost ({SECRETS}userguide/replicate-secrets.html)",
        "Test/It: 'length' is 4; allowed: 8 to 4096, because a password that Secrets Manager generates has up to 4,096 "
        f"characters, and fewer than 8 protect nothing ({SECRETS}apireference/API_GetRandomPassword.html)",
        "Test/It: 'generated_field' is 'password'; allowed: a name that is none of 'fields', because the generated "
        "value stands beside the fields, under a name of its own "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html)",
        "Test/It: 'rotate_every' is 4 hours; allowed: 1 to 1000 whole days, because a secret rotates every 1 to 1,000 "
        f"days ({SECRETS}apireference/API_RotationRulesType.html)",
        "Test/It: 'rotate_every' is 4 hours; allowed: nothing without 'rotation', because a value changes by a "
        f"function that knows where else it is used ({SECRETS}apireference/API_RotationRulesType.html)",
    ]


@pytest.mark.parametrize(
    ("kind", "options", "told"),
    [
        (
            ImageRepository,
            {"repository_name": "Shop", "keep_images": 0},
            [
                "Test/It: 'repository_name' is 'Shop'; allowed: a name such as 'shop/web', because a repository's "
                "name has 2 to 256 lower-case letters, digits, and '.', '_', '-' and '/' between them "
                f"({ECR}APIReference/API_CreateRepository.html)",
                "Test/It: 'keep_images' is 0; allowed: 1 to 10000, because a lifecycle rule keeps a number of images, "
                f"1 or more ({ECR}userguide/lifecycle_policy_parameters.html)",
            ],
        ),
        (
            ImageReplication,
            {"prefixes": ["shop/"], "regions": ["eu-west-1"]},
            [
                "Test/It: 'regions' is ['eu-west-1']; allowed: 1 to 25 other Regions of AWS, each of them once, "
                "because a registry replicates to at most 25 destinations, by at most 10 rules of up to 100 filters "
                f"({ECR}APIReference/API_ReplicationConfiguration.html)",
                "Test/It: 'prefixes' is those of a second ImageReplication; allowed: one ImageReplication with all "
                "prefixes, because a registry, that is an account in a Region, has one replication configuration for "
                f"all its repositories ({ECR}userguide/replication.html)",
            ],
        ),
        (
            ImageReplicas,
            {"prefix": "/shop"},
            [
                "Test/It: 'prefix' is '/shop'; allowed: a prefix such as 'shop/', because a prefix is the beginning "
                "of the names of repositories: lower-case letters, digits, '.', '_', '-', '/' "
                f"({ECR}APIReference/API_RepositoryFilter.html)"
            ],
        ),
    ],
)
def test_images_that_cannot_work_are_refused(refused, kind, options, told):
    assert refused(kind, **options) == told


def test_options_replace_secrets_and_repositories_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        key, other = (kms.Key.from_key_arn(stack, f"Key{n}", KEY.replace("0a0a", n)) for n in ("0b0b", "0c0c"))
        secret, images = options.pop("secret", {}), options.pop("images", {})
        rotate = lambda_.Function.from_function_arn(stack, "F", "arn:aws:lambda:eu-west-1:111111111111:function:rotate")
        secret = {name: {"key": other, "rotation": rotate}.get(name, value) for name, value in secret.items()}
        images = {name: {"key": other}.get(name, value) for name, value in images.items()}
        AppSecret(stack, "Secret", **{"key": key, "name": "shop/payment", **secret})
        ImageRepository(stack, "Images", **{"repository_name": "shop/web", **images})
        return stack

    secret = {
        "key": 0,
        "replicas": [FRANKFURT],
        "rotation": 0,
        "rotate_every": cdk.Duration.days(1),
        "deletable_because": "a lab",
    }
    images = {
        "keep_images": 1,
        "mutable_because": "branches",
        "unscanned_because": "no",
        "deletable_because": "a lab",
    }
    written = {"fields": {"user": "x"}, "generated_field": "token", "length": 40}
    anew = {
        **{option: Together(secret={option: value}) for option, value in written.items()},
        "name": Together(secret={"name": "shop/other"}),
        "repository_name": Together(images={"repository_name": "shop/other"}),
        "key": Together(images={"key": 0}),
        "changed": Together(secret=secret, images=images),
    }

    found = in_place(build, {}, anew, types=KINDS)

    assert {"name", *written, *secret} == set(described(AppSecret)) - {"scope", "id"}
    assert {"repository_name", "key", *images} == set(described(ImageRepository)) - {"scope", "id"}
    assert create_only_options(AppSecret) == {"name", *written}
    assert create_only_options(ImageRepository) == {"repository_name", "key"}
    assert replacing(found) == {"name", *written, "repository_name", "key"}
