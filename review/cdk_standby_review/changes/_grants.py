"""What policies allow: the statements of every kind of policy document, in one form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..graph import Resource
from ..plain import is_list, is_object, object_of

DOCUMENTS: dict[str, tuple[str, ...]] = {
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::IAM::RolePolicy": ("PolicyDocument",),
    "AWS::IAM::UserPolicy": ("PolicyDocument",),
    "AWS::IAM::GroupPolicy": ("PolicyDocument",),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::KMS::ReplicaKey": ("KeyPolicy",),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy",),
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::EC2::VPCEndpoint": ("PolicyDocument",),
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "AWS::Backup::BackupVault": ("AccessPolicy",),
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Logs::ResourcePolicy": ("PolicyDocument",),
}
"""Where the policy document of a type stands. Those inside roles, users and groups are read beside them."""
HOLDERS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
ITS_OWN = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::EC2::VPCEndpoint")
"""Where `Resource: "*"` means the resource itself, or what the endpoint leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy."""

    allows: bool
    actions: frozenset[str]
    resources: frozenset[str]
    principals: frozenset[str]
    conditions: frozenset[str]
    text: str


def statements(resource: Resource) -> list[Statement]:
    """Every statement of every policy of a resource."""
    return [_statement(raw) for document in _documents(resource) for raw in _raw(document)]


def _documents(resource: Resource) -> Iterator[Any]:
    if resource.type in DOCUMENTS:
        yield resource.get(*DOCUMENTS[resource.type])
    if resource.type in HOLDERS:
        for policy in resource.items("Policies"):
            yield policy.get("PolicyDocument")


def _raw(document: Any) -> list[dict[str, Any]]:
    found = object_of(document).get("Statement")
    return [raw for raw in (found if is_list(found) else [found]) if is_object(raw)]


def _statement(raw: dict[str, Any]) -> Statement:
    return Statement(
        allows=str(raw.get("Effect")) == "Allow",
        actions=_texts(raw.get("Action")) | frozenset({"*"} if "NotAction" in raw else ()),
        resources=_texts(raw.get("Resource")) | frozenset({"*"} if "NotResource" in raw else ()),
        principals=_principals(raw.get("Principal")) | frozenset({"*"} if "NotPrincipal" in raw else ()),
        conditions=_conditions(raw.get("Condition")),
        text=_canonical(raw),
    )


def _texts(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(map(str, value if is_list(value) else [value]))


def _principals(value: Any) -> frozenset[str]:
    """Who: `service:...`, `aws:...`, or `*` for everybody."""
    if not is_object(value):
        return _texts(value)
    found = {f"{kind.lower()}:{one}" for kind, who in value.items() for one in _texts(who)}
    return frozenset("*" if one == "aws:*" else one for one in found)


def _conditions(value: Any) -> frozenset[str]:
    pairs = [(operator, key) for operator, keys in object_of(value).items() for key in object_of(keys)]
    return frozenset(f"{operator} {key}" for operator, key in pairs)


def _canonical(value: Any) -> str:
    if is_object(value):
        return "{" + ",".join(f"{name}:{_canonical(value[name])}" for name in sorted(value)) + "}"
    if is_list(value):
        return "[" + ",".join(sorted(map(_canonical, value))) + "]"
    return str(value)
