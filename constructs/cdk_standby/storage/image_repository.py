"""Container images that every Region can pull from its own registry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._checks import check
from .._reasons import all_weakened
from .._roles import service
from ..relational._parts import accept
from ._bucket_values import as_shown
from ._image_rules import CONFIGURED, REPLICAS_RULES, REPLICATION_RULES, REPOSITORY_RULES, configured_twice

__all__ = ["ImageReplicas", "ImageReplication", "ImageRepository"]

_ENCRYPTED_FOR_REPLICAS = ("kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant")
_REPOSITORIES = ("ecr:CreateRepository", "ecr:ReplicateImage", "ecr:TagResource")


class ImageRepository(Construct):
    """A repository of container images whose tags never change their meaning.

    Zone loss: ECR spans zones. Region loss: pulls go on in the other Regions, from the repository of the same name
    there, when an `ImageReplication` of this Region sends images to it. Give the other Region an `ImageRepository` of
    that name, or `ImageReplicas`. Deletion: the repository is retained with its images; a deletion here is not
    repeated elsewhere.
    """

    repository: ecr.IRepository
    resource: ecr.CfnRepository

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository_name: str,
        key: kms.IKey | None = None,
        keep_images: int = 500,
        mutable_because: str | None = None,
        unscanned_because: str | None = None,
        deletable_because: str | None = None,
    ) -> None:
        """Build the repository.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another, empty repository.
            repository_name: the same in every Region, such as ``shop/web``. Create-only.
            key: encrypts the images, for good; a key of this Region. Left out: ECR encrypts them with keys of S3, which
                no tenant can lose. Create-only.
            keep_images: how many images stay, the newest of them; left out: 500. What runs has to be among them.
            mutable_because: why a tag may be pushed again and mean another image; otherwise ECR refuses it, so that a
                deployment in another Region starts the very image that was tested.
            unscanned_because: why images are not scanned for known weaknesses when they are pushed.
            deletable_because: why the repository may go with its stack, images and all; otherwise it is retained.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html).
        """
        super().__init__(scope, id)
        options = {**locals(), **_of_the_region(self, key)}
        check(self, REPOSITORY_RULES, options)
        all_weakened(self, options)
        self.resource = ecr.CfnRepository(
            self,
            "Repository",
            repository_name=repository_name,
            image_tag_mutability="MUTABLE" if mutable_because else "IMMUTABLE",
            image_scanning_configuration=ecr.CfnRepository.ImageScanningConfigurationProperty(
                scan_on_push=unscanned_because is None
            ),
            encryption_configuration=_encryption(ecr.CfnRepository.EncryptionConfigurationProperty, key),
            lifecycle_policy=ecr.CfnRepository.LifecyclePolicyProperty(
                lifecycle_policy_text=lifecycle_policy(keep_images)
            ),
            empty_on_delete=True if deletable_because else None,
        )
        self.resource.apply_removal_policy(
            RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        )
        self.repository = ecr.Repository.from_repository_attributes(
            self, "Images", repository_arn=self.resource.attr_arn, repository_name=self.resource.ref
        )

    @property
    def repository_name(self) -> str:
        """Its name, in this Region and in the others."""
        return self.repository.repository_name

    @property
    def repository_uri(self) -> str:
        """What is pulled in this Region."""
        return self.repository.repository_uri

    def grant_pull(self, grantee: iam.IGrantable) -> None:
        """Let somebody pull images."""
        self.repository.grant_pull(grantee)

    def grant_pull_push(self, grantee: iam.IGrantable) -> None:
        """Let a pipeline push images, and pull them."""
        self.repository.grant_pull_push(grantee)


class ImageReplication(Construct):
    """What a registry, that is an account in a Region, sends to the registries of other Regions.

    A registry has **one** such configuration for all its repositories: this construct owns it. A second one in the
    account and Region, of whichever stack or tool, overwrites the first; so it stands in a stack that is there once,
    and names all prefixes. Images that are there before it do not replicate until they are pushed again, and an image
    that arrived is not sent on: two Regions may send to each other.
    """

    resource: ecr.CfnReplicationConfiguration

    def __init__(self, scope: Construct, id: str, *, prefixes: Sequence[str], regions: Sequence[str]) -> None:
        """Configure the registry.

        Args:
            scope: the parent; its stack may hold one such construct.
            id: unique among the parent's children.
            prefixes: the beginnings of the names of repositories that replicate, such as ``shop/``, 1 to 100.
            regions: where to, 1 to 25.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html).
        """
        super().__init__(scope, id)
        stack = Stack.of(self)
        options = {**locals(), "region": stack.region}
        check(self, REPLICATION_RULES, options, also=configured_twice(self))
        rule = ecr.CfnReplicationConfiguration
        self.resource = ecr.CfnReplicationConfiguration(
            stack,
            CONFIGURED,
            replication_configuration=rule.ReplicationConfigurationProperty(
                rules=[
                    rule.ReplicationRuleProperty(
                        destinations=[
                            rule.ReplicationDestinationProperty(region=region, registry_id=stack.account)
                            for region in regions
                        ],
                        repository_filters=[
                            rule.RepositoryFilterProperty(filter=prefix, filter_type="PREFIX_MATCH")
                            for prefix in prefixes
                        ],
                    )
                ]
            ),
        )


class ImageReplicas(Construct):
    """How a registry sets up the repositories that replication makes in it, as safe as those that they come from.

    For a recovery Region that does not declare each repository as an `ImageRepository`. It touches none that is there
    already, and what it made belongs to no stack: it stays.
    """

    template: ecr.CfnRepositoryCreationTemplate

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        prefix: str,
        key: kms.IKey | None = None,
        keep_images: int = 500,
        mutable_because: str | None = None,
    ) -> None:
        """Build the template.

        Args:
            scope: the parent, in a stack of the Region that images arrive in.
            id: unique among the parent's children.
            prefix: the beginning of the names of the repositories, such as ``shop/``; no two templates share one.
            key: encrypts what arrives; a key of this Region. Left out: ECR encrypts it with keys of S3.
            keep_images: how many images stay in each repository, the newest of them; left out: 500.
            mutable_because: why tags may be pushed again there.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html).
        """
        super().__init__(scope, id)
        options = {**locals(), **_of_the_region(self, key)}
        check(self, REPLICAS_RULES, options)
        all_weakened(self, options)
        role = self._role(prefix, key) if key is not None else None
        self.template = ecr.CfnRepositoryCreationTemplate(
            self,
            "Template",
            applied_for=["REPLICATION"],
            prefix=prefix,
            description=f"Repositories that replication makes for {self.node.path}",
            custom_role_arn=role.role_arn if role is not None else None,
            image_tag_mutability="MUTABLE" if mutable_because else "IMMUTABLE",
            encryption_configuration=_encryption(
                ecr.CfnRepositoryCreationTemplate.EncryptionConfigurationProperty, key
            ),
            lifecycle_policy=lifecycle_policy(keep_images),
        )

    def _role(self, prefix: str, key: kms.IKey) -> iam.Role:
        """ECR encrypts a new repository with a key of the user's only in a role of the user's."""
        role = iam.Role(self, "Role", assumed_by=service("ecr"), description=f"Makes repositories {prefix}*")
        stack = Stack.of(self)
        ours = stack.format_arn(service="ecr", resource="repository", resource_name=f"{prefix}*")
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            description=f"Makes repositories {prefix}*",
            statements=[
                iam.PolicyStatement(actions=list(_REPOSITORIES), resources=[ours]),
                iam.PolicyStatement(actions=list(_ENCRYPTED_FOR_REPLICAS), resources=[key.key_arn]),
            ],
            roles=[cast("iam.IRole", role)],
        )
        why = "the repositories are those with the prefix, and have yet to be made"
        accept(policy, why, *_wildcards(stack, prefix))
        return role


def lifecycle_policy(keep: int) -> str:
    """Of images without a tag go those of a fortnight ago, and of all images the oldest."""
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
    newest = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep}
    rules = [
        {"rulePriority": number, "description": says, "selection": selection, "action": {"type": "expire"}}
        for number, (says, selection) in enumerate(
            [("nothing refers to it by a tag", untagged), ("the newest are kept", newest)], 1
        )
    ]
    return json.dumps({"rules": rules})


def _encryption(kind: Any, key: kms.IKey | None) -> Any:
    """Left out is the same as AES256, and no property that a later template could change by accident."""
    return kind(encryption_type="KMS", kms_key=key.key_arn) if key is not None else kind(encryption_type="AES256")


def _of_the_region(scope: Construct, key: kms.IKey | None) -> dict[str, Any]:
    here = {"region": Stack.of(scope).region, "kind": "repository"}
    if key is None:
        return {**here, "regions": {}}
    return {**here, "regions": {"key": key.env.region}, "key": key.node.path}


def _wildcards(stack: Stack, prefix: str) -> list[str]:
    arn = stack.format_arn(service="ecr", resource="repository", resource_name=f"{prefix}*")
    return [f"AwsSolutions::AwsSolutions-IAM5[Resource::{as_shown(stack, arn)}]"]
