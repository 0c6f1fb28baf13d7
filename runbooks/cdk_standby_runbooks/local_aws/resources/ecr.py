"""Image repositories, as the CDK's bootstrap makes one."""

from __future__ import annotations

import json

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send, without

NESTED = ("ImageScanningConfiguration", "EncryptionConfiguration")
APART = ("LifecyclePolicy", "RepositoryPolicyText")


def small(properties: Values) -> Values:
    """ECR's API writes all names with a small first letter."""
    return {name[0].lower() + name[1:]: small(value) if name in NESTED else value for name, value in properties.items()}


def _create(context: Context, properties: Values) -> Made:
    parameters = small({"RepositoryName": context.name(256), **without(properties, *APART)})
    repository = send(context.client("ecr"), "CreateRepository", parameters, context.dropped)["repository"]
    _policies(context, repository["repositoryName"], properties)
    return Made(
        repository["repositoryName"],
        {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]},
    )


def _policies(context: Context, name: str, properties: Values) -> None:
    ecr = context.client("ecr")
    if "LifecyclePolicy" in properties:
        policy = properties["LifecyclePolicy"]["LifecyclePolicyText"]
        ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=policy)
    if "RepositoryPolicyText" in properties:
        ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(properties["RepositoryPolicyText"]))


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    _policies(context, made.physical_id, after)
    ecr = context.client("ecr")
    if "ImageTagMutability" in after:
        mutability = after["ImageTagMutability"]
        ecr.put_image_tag_mutability(repositoryName=made.physical_id, imageTagMutability=mutability)
    if "ImageScanningConfiguration" in after:
        scanning = {"scanOnPush": after["ImageScanningConfiguration"].get("ScanOnPush", False)}
        ecr.put_image_scanning_configuration(repositoryName=made.physical_id, imageScanningConfiguration=scanning)
    return made


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("ecr").delete_repository(repositoryName=made.physical_id, force=True)


HANDLERS: dict[str, Handler] = {"AWS::ECR::Repository": Functions(_create, _update, _delete)}
