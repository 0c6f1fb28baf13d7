"""Tags of resources that exist: each service has its own call for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ._model import Context, Made

Tags = Sequence[Mapping[str, str]] | Mapping[str, str]


def set_tags(context: Context, service: str, made: Made, before: Tags, after: Tags) -> None:
    """Make the tags of a resource those of `after`; a service that has no row here reports its tags as dropped."""
    old, new = pairs(before), pairs(after)
    write = WRITERS.get(service)
    if write is None:
        context.dropped("Tags")
        return
    write(context, made, new, sorted(set(old) - set(new)))


def pairs(tags: Tags) -> dict[str, str]:
    """Tags by key, whether CloudFormation wrote a list or a map."""
    if isinstance(tags, Mapping):
        return {key: str(value) for key, value in tags.items()}
    return {tag["Key"]: str(tag["Value"]) for tag in tags}


def listed(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as most APIs take them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def arn_of(made: Made) -> str:
    """The resource's ARN: an attribute, or the physical id itself."""
    if made.physical_id.startswith("arn:"):
        return made.physical_id
    found = [value for name, value in made.attributes.items() if name.endswith("Arn") and str(value).startswith("arn:")]
    return str(found[0]) if found else made.physical_id


def _ec2(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    ec2 = context.client("ec2")
    resource = str(made.attributes.get("AllocationId", made.physical_id))
    if gone:
        ec2.delete_tags(Resources=[resource], Tags=[{"Key": key} for key in gone])
    if tags:
        ec2.create_tags(Resources=[resource], Tags=listed(tags))


def _rds(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    rds = context.client("rds")
    if gone:
        rds.remove_tags_from_resource(ResourceName=arn_of(made), TagKeys=gone)
    rds.add_tags_to_resource(ResourceName=arn_of(made), Tags=listed(tags))


def _elbv2(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    elbv2 = context.client("elbv2")
    if gone:
        elbv2.remove_tags(ResourceArns=[made.physical_id], TagKeys=gone)
    elbv2.add_tags(ResourceArns=[made.physical_id], Tags=listed(tags))


def _kms(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    kms = context.client("kms")
    if gone:
        kms.untag_resource(KeyId=made.physical_id, TagKeys=gone)
    kms.tag_resource(KeyId=made.physical_id, Tags=[{"TagKey": k, "TagValue": v} for k, v in tags.items()])


def _cloudwatch(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    cloudwatch = context.client("cloudwatch")
    if gone:
        cloudwatch.untag_resource(ResourceARN=arn_of(made), TagKeys=gone)
    cloudwatch.tag_resource(ResourceARN=arn_of(made), Tags=listed(tags))


def _sns(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    sns = context.client("sns")
    if gone:
        sns.untag_resource(ResourceArn=made.physical_id, TagKeys=gone)
    sns.tag_resource(ResourceArn=made.physical_id, Tags=listed(tags))


def _secrets(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    secrets = context.client("secretsmanager")
    if gone:
        secrets.untag_resource(SecretId=made.physical_id, TagKeys=gone)
    secrets.tag_resource(SecretId=made.physical_id, Tags=listed(tags))


def _role(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    iam = context.client("iam")
    if gone:
        iam.untag_role(RoleName=made.physical_id, TagKeys=gone)
    iam.tag_role(RoleName=made.physical_id, Tags=listed(tags))


def _parameter(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    ssm = context.client("ssm")
    where = {"ResourceType": "Parameter", "ResourceId": made.physical_id}
    if gone:
        ssm.remove_tags_from_resource(**where, TagKeys=gone)
    ssm.add_tags_to_resource(**where, Tags=listed(tags))


def _zone(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    kind = "healthcheck" if context.type.endswith("HealthCheck") else "hostedzone"
    change = {"AddTags": listed(tags), "RemoveTagKeys": gone}
    context.client("route53").change_tags_for_resource(
        ResourceType=kind, ResourceId=made.physical_id, **{name: value for name, value in change.items() if value}
    )


def _logs(context: Context, made: Made, tags: dict[str, str], gone: list[str]) -> None:
    logs = context.client("logs")
    arn = f"arn:aws:logs:{context.region}:{context.account}:log-group:{made.physical_id}"
    if gone:
        logs.untag_resource(resourceArn=arn, tagKeys=gone)
    logs.tag_resource(resourceArn=arn, tags=tags)


WRITERS: dict[str, Callable[[Context, Made, dict[str, str], list[str]], None]] = {
    "ec2": _ec2,
    "rds": _rds,
    "elbv2": _elbv2,
    "kms": _kms,
    "cloudwatch": _cloudwatch,
    "sns": _sns,
    "secretsmanager": _secrets,
    "iam": _role,
    "ssm": _parameter,
    "route53": _zone,
    "logs": _logs,
}
