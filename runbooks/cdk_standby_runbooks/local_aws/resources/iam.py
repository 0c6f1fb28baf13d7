"""Roles and policies. IAM is kept, not enforced: the local AWS says nothing about permissions."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, code_of, send, without

PRINCIPALS = {"Roles": "role", "Users": "user", "Groups": "group"}


def _create_role(context: Context, properties: Values) -> Made:
    iam = context.client("iam")
    parameters = {
        "RoleName": context.name(64, lower=False),
        **without(properties, "Policies", "ManagedPolicyArns"),
    }
    role = send(iam, "CreateRole", parameters, context.dropped)["Role"]
    _inline(iam, role["RoleName"], properties)
    return Made(role["RoleName"], {"Arn": role["Arn"], "RoleId": role["RoleId"]})


def _inline(iam: Any, role: str, properties: Values) -> None:
    for arn in properties.get("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    for policy in properties.get("Policies", []):
        document = json.dumps(policy["PolicyDocument"])
        iam.put_role_policy(RoleName=role, PolicyName=policy["PolicyName"], PolicyDocument=document)


def _update_role(context: Context, made: Made, before: Values, after: Values) -> Made:
    iam, role = context.client("iam"), made.physical_id
    document = json.dumps(after["AssumeRolePolicyDocument"])
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=document)
    kept = {policy["PolicyName"] for policy in after.get("Policies", [])}
    for policy in before.get("Policies", []):
        if policy["PolicyName"] not in kept:
            iam.delete_role_policy(RoleName=role, PolicyName=policy["PolicyName"])
    for arn in set(before.get("ManagedPolicyArns", [])) - set(after.get("ManagedPolicyArns", [])):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    _inline(iam, role, after)
    if after.get("Tags"):
        iam.tag_role(RoleName=role, Tags=after["Tags"])
    return made


def _delete_role(context: Context, made: Made, _: Values) -> None:
    iam, role = context.client("iam"), made.physical_id
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    iam.delete_role(RoleName=role)


def _create_policy(context: Context, properties: Values) -> Made:
    iam = context.client("iam")
    document = json.dumps(properties["PolicyDocument"])
    for property, kind in PRINCIPALS.items():
        for principal in properties.get(property, []):
            put = getattr(iam, f"put_{kind}_policy")
            put(**{f"{kind.title()}Name": principal}, PolicyName=properties["PolicyName"], PolicyDocument=document)
    return Made(context.name(128, lower=False), {"Id": properties["PolicyName"]})


def _delete_policy(context: Context, made: Made, properties: Values) -> None:
    iam = context.client("iam")
    for property, kind in PRINCIPALS.items():
        for principal in properties.get(property, []):
            try:
                delete = getattr(iam, f"delete_{kind}_policy")
                delete(**{f"{kind.title()}Name": principal}, PolicyName=properties["PolicyName"])
            except ClientError as error:
                if code_of(error) != "NoSuchEntity":
                    raise


def _update_policy(context: Context, made: Made, before: Values, after: Values) -> Made:
    _delete_policy(context, made, before)
    return Made(made.physical_id, _create_policy(context, after).attributes)


def _create_managed(context: Context, properties: Values) -> Made:
    iam = context.client("iam")
    parameters = {
        "PolicyName": properties.get("ManagedPolicyName") or context.name(128, lower=False),
        **without(properties, "ManagedPolicyName", *PRINCIPALS),
    }
    arn = send(iam, "CreatePolicy", parameters, context.dropped)["Policy"]["Arn"]
    for property, kind in PRINCIPALS.items():
        for principal in properties.get(property, []):
            getattr(iam, f"attach_{kind}_policy")(**{f"{kind.title()}Name": principal}, PolicyArn=arn)
    return Made(arn, {"PolicyArn": arn})


def _update_managed(context: Context, made: Made, before: Values, after: Values) -> Made:
    iam, arn = context.client("iam"), made.physical_id
    if before["PolicyDocument"] != after["PolicyDocument"]:
        document = json.dumps(after["PolicyDocument"])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    for property, kind in PRINCIPALS.items():
        old, new = set(before.get(property, [])), set(after.get(property, []))
        for verb, principals in (("detach", old - new), ("attach", new - old)):
            for principal in principals:
                getattr(iam, f"{verb}_{kind}_policy")(**{f"{kind.title()}Name": principal}, PolicyArn=arn)
    return made


def _delete_managed(context: Context, made: Made, properties: Values) -> None:
    iam, arn = context.client("iam"), made.physical_id
    for property, kind in PRINCIPALS.items():
        for principal in properties.get(property, []):
            try:
                getattr(iam, f"detach_{kind}_policy")(**{f"{kind.title()}Name": principal}, PolicyArn=arn)
            except ClientError as error:
                if code_of(error) != "NoSuchEntity":
                    raise
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def _create_profile(context: Context, properties: Values) -> Made:
    iam = context.client("iam")
    name = properties.get("InstanceProfileName") or context.name(128, lower=False)
    profile = iam.create_instance_profile(InstanceProfileName=name, Path=properties.get("Path", "/"))["InstanceProfile"]
    for role in properties.get("Roles", []):
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
    return Made(name, {"Arn": profile["Arn"]})


def _delete_profile(context: Context, made: Made, properties: Values) -> None:
    iam, name = context.client("iam"), made.physical_id
    for role in iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role["RoleName"])
    iam.delete_instance_profile(InstanceProfileName=name)


HANDLERS: dict[str, Handler] = {
    "AWS::IAM::Role": Functions(_create_role, _update_role, _delete_role),
    "AWS::IAM::Policy": Functions(_create_policy, _update_policy, _delete_policy),
    "AWS::IAM::ManagedPolicy": Functions(_create_managed, _update_managed, _delete_managed),
    "AWS::IAM::InstanceProfile": Functions(_create_profile, delete=_delete_profile),
}
