"""What a golden image is made with: a recipe, a place to build it, Regions to go to, rules by which it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as builder
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from ..keys import allow_logs
from ._copies import ImageCopy, key_arn
from ._image_values import ImageComponent, is_managed, managed_arn, parameter_of

IMAGE_TAG = "cdk-standby:image"
Recipe = builder.CfnImageRecipe
Distribution = builder.CfnDistributionConfiguration
Lifecycle = builder.CfnLifecyclePolicy
Place = builder.CfnInfrastructureConfiguration


def recipe(
    scope: Construct,
    *,
    name: str,
    version: str,
    parent_image: str,
    components: Sequence[ImageComponent | str],
    volume_gib: int,
    root_device: str,
    key: kms.IKey,
) -> Recipe:
    """What is in the image. Recipes stay when newer ones replace them: an image is only as clear as its recipe."""
    made = Recipe(
        scope,
        "Recipe",
        name=name,
        version=version,
        parent_image=_arn("image", parent_image) if is_managed(parent_image) else parent_image,
        components=[_component(scope, name, version, component) for component in components],
        block_device_mappings=[
            Recipe.InstanceBlockDeviceMappingProperty(
                device_name=root_device,
                ebs=Recipe.EbsInstanceBlockDeviceSpecificationProperty(
                    encrypted=True,
                    kms_key_id=key.key_arn,
                    volume_size=volume_gib,
                    volume_type="gp3",
                    delete_on_termination=True,
                ),
            )
        ],
        ami_tags={IMAGE_TAG: name},
    )
    made.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    return made


def _component(scope: Construct, name: str, version: str, given: ImageComponent | str) -> Any:
    if isinstance(given, str):
        return Recipe.ComponentConfigurationProperty(component_arn=_arn("component", given))
    made = builder.CfnComponent(
        scope,
        f"Component-{given.name}",
        name=f"{name}-{given.name}",
        version=version,
        platform="Linux",
        data=given.document,
    )
    made.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    parameters = [
        Recipe.ComponentParameterProperty(name=parameter, value=list(value))
        for parameter, value in given.parameters.items()
    ]
    return Recipe.ComponentConfigurationProperty(component_arn=made.attr_arn, parameters=parameters or None)


def _arn(kind: str, name: str) -> str:
    return managed_arn(kind, name, Aws.REGION, Aws.PARTITION)


def place(
    scope: Construct,
    *,
    name: str,
    vpc: ec2.IVpc,
    subnet: str,
    instance_types: Sequence[str],
    profile: iam.CfnInstanceProfile,
) -> tuple[Place, ec2.SecurityGroup]:
    """Where it is built: an instance that nobody reaches, and that is gone when the build is over, well or not."""
    group = ec2.SecurityGroup(scope, "SecurityGroup", vpc=vpc, description=f"Builds of {scope.node.path}")
    made = Place(
        scope,
        "Place",
        name=name,
        instance_profile_name=profile.ref,
        instance_types=list(instance_types),
        instance_metadata_options=Place.InstanceMetadataOptionsProperty(
            http_tokens="required", http_put_response_hop_limit=1
        ),
        security_group_ids=[group.security_group_id],
        subnet_id=subnet,
        terminate_instance_on_failure=True,
        resource_tags={IMAGE_TAG: name},
    )
    return made, group


def distribution(
    scope: Construct,
    *,
    name: str,
    recovery: Sequence[ImageCopy],
    accounts: Sequence[str],
    key: kms.IKey,
    template: str | None,
) -> Distribution:
    """Where it goes. In each Region a parameter of the same name says which image is the newest there."""
    here = _goes_to(name, Stack.of(scope).region, accounts, key.key_arn if accounts else None, template)
    there = [
        _goes_to(name, copy.region, accounts, key_arn(copy.region, copy.key), copy.launch_template_id)
        for copy in recovery
    ]
    return Distribution(scope, "Distribution", name=name, distributions=[here, *there])


def _goes_to(name: str, region: str, accounts: Sequence[str], key: str | None, template: str | None) -> Any:
    owners: list[Any] = [{"ami_account_id": account} for account in (Aws.ACCOUNT_ID, *accounts)] if accounts else [{}]
    image: dict[str, Any] = {  # CloudFormation's own words: the CDK does not type this property
        "Name": name + "-{{ imagebuilder:buildDate }}",
        "AmiTags": {IMAGE_TAG: name},
        "KmsKeyId": key,
        "TargetAccountIds": [Aws.ACCOUNT_ID, *accounts] if accounts else None,
    }
    templates = None
    if template is not None:
        templates = [
            Distribution.LaunchTemplateConfigurationProperty(launch_template_id=template, set_default_version=True)
        ]
    return Distribution.DistributionProperty(
        region=region,
        ami_distribution_configuration={word: value for word, value in image.items() if value is not None},
        launch_template_configurations=templates,
        ssm_parameter_configurations=[
            Distribution.SsmParameterConfigurationProperty(
                parameter_name=parameter_of(name), data_type="aws:ec2:image", **owner
            )
            for owner in owners
        ],
    )


def log_groups(scope: Construct, name: str, key: kms.IKey, retention: logs.RetentionDays) -> list[logs.LogGroup]:
    """The groups of builds and of the pipeline, which Image Builder would otherwise make itself and for ever."""
    allow_logs(key)
    return [
        logs.LogGroup(
            scope, called, log_group_name=f"/aws/imagebuilder/{path}", encryption_key=key, retention=retention
        )
        for called, path in (("BuildLogs", name), ("PipelineLogs", f"pipeline/{name}"))
    ]


def lifecycle(
    scope: Construct,
    *,
    name: str,
    role: iam.Role,
    keep: int | None,
    keep_at_least: int,
    delete_after: Duration,
    deprecate_after: Duration | None,
    launched_within: Duration,
    never: Mapping[str, str],
) -> Lifecycle:
    """How long images are kept, in all their Regions."""
    days: dict[str, Any] = {"type": "AGE", "unit": "DAYS"}
    by_age = Lifecycle.FilterProperty(**days, value=delete_after.to_days(), retain_at_least=keep_at_least)
    by_count = Lifecycle.FilterProperty(type="COUNT", value=keep or 1)
    spared = Lifecycle.ExclusionRulesProperty(
        amis=Lifecycle.AmiExclusionRulesProperty(
            last_launched=Lifecycle.LastLaunchedProperty(unit="DAYS", value=launched_within.to_days()),
            tag_map=dict(never) or None,
        )
    )
    details = [
        Lifecycle.PolicyDetailProperty(
            action=_action("DELETE", snapshots=True),
            filter=by_age if keep is None else by_count,
            exclusion_rules=spared,
        )
    ]
    if deprecate_after is not None:
        old = Lifecycle.FilterProperty(**days, value=deprecate_after.to_days())
        details.insert(0, Lifecycle.PolicyDetailProperty(action=_action("DEPRECATE"), filter=old))
    return Lifecycle(
        scope,
        "Lifecycle",
        name=name,
        execution_role=role.role_arn,
        resource_type="AMI_IMAGE",
        resource_selection=Lifecycle.ResourceSelectionProperty(tag_map={IMAGE_TAG: name}),
        policy_details=details,
        status="ENABLED",
    )


def _action(kind: str, *, snapshots: bool | None = None) -> Lifecycle.ActionProperty:
    included = Lifecycle.IncludeResourcesProperty(amis=True, snapshots=snapshots)
    return Lifecycle.ActionProperty(type=kind, include_resources=included)
