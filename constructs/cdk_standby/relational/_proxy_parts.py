"""What a proxy is made with: its role, how it logs in, the pool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import ArnFormat, CfnResource, Duration, Names, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_standby_review.facts import rds_proxy as facts

from .._reasons import TAG, tag_value
from .._tokens import is_token
from ..keys import allow_logs
from . import _parts as parts
from ._access import DatabaseAccess
from ._proxy_target import complete_arn

Reasons = Mapping[str, str | None]
_INLINE = "the policy names this proxy's credentials and nothing else: it is of no use to any other role"
_SUFFIXED = 54
"""Characters that leave room for the ending of an endpoint's name."""


def name_of(scope: Construct, given: str | None, family: str, subnets: Sequence[str]) -> str:
    """The proxy's name: as given, or after the path and what it cannot change in place.

    Changing subnets replaces a proxy, and the new one is made before the old one goes: with the same name it could
    not be.
    """
    if given is not None:
        return given if is_token(given) else given.lower()
    path = Names.unique_resource_name(scope, max_length=_SUFFIXED - 7, separator="-").lower()
    words = [word for word in path.split("-") if word]
    fixed = json.dumps([family, sorted(map(str, Stack.of(scope).resolve(list(subnets))))])
    return "-".join([*words, hashlib.sha256(fixed.encode()).hexdigest()[:6]])


def endpoint_name(name: str, ending: str) -> str:
    """The name of a further endpoint, within the same length."""
    start = name if is_token(name) else name[:_SUFFIXED].rstrip("-")
    return f"{start}-{ending}"


def security_group(scope: Construct, vpc: ec2.IVpc, database: DatabaseAccess) -> ec2.SecurityGroup:
    """Closed, but for the way to the database, which lets the proxy in; the rules belong to the proxy's stack."""
    group = parts.security_group(scope, vpc)
    group.add_egress_rule(database.security_group, ec2.Port.tcp(database.port), f"to {database.node.path}")
    database.let_in(ec2.Connections(security_groups=[group]))
    return group


def log_group(
    scope: Construct, name: str, key: kms.IKey, retention: logs.RetentionDays, deletable_because: str | None
) -> logs.LogGroup:
    """The group that RDS would otherwise make itself, without a key and for ever."""
    allow_logs(key)
    return logs.LogGroup(
        scope,
        "Log",
        log_group_name=f"/aws/rds/proxy/{name}",
        encryption_key=key,
        retention=retention,
        removal_policy=RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN,
    )


def role(scope: Construct) -> iam.Role:
    """What RDS may do for the proxy: nothing yet."""
    made = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("rds.amazonaws.com"))
    parts.accept(made, _INLINE, parts.NIST + "IAMNoInlinePolicy")
    return made


def let_read(
    grantee: iam.IGrantable, secrets: Sequence[secretsmanager.ISecret], usual_key: kms.IKey
) -> list[iam.Grant]:
    """Let somebody read credentials, and use the keys that they are encrypted with."""
    grants = [secret.grant_read(grantee) for secret in secrets]
    keys = {(secret.encryption_key or usual_key).key_arn for secret in secrets}
    if keys:
        via = f"secretsmanager.{Stack.of(usual_key).region}.amazonaws.com"
        decrypt = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt"],
            resource_arns=sorted(keys),
            conditions={"StringEquals": {"kms:ViaService": via}},
        )
        grants.append(decrypt)
    return grants


def let_connect(role: iam.Role, database: DatabaseAccess, users: Sequence[str]) -> list[iam.Grant]:
    """Let the proxy be the users that it logs in as by IAM."""
    arns = [
        Stack.of(database).format_arn(
            service="rds-db",
            resource="dbuser",
            resource_name=f"{database.resource_id}/{user}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        for user in users
    ]
    return [iam.Grant.add_to_principal(grantee=role, actions=["rds-db:connect"], resource_arns=arns)] if arns else []


def logins(
    database: DatabaseAccess,
    secrets: Sequence[secretsmanager.ISecret],
    *,
    passwords: bool,
    password_type: str | None,
) -> list[rds.CfnDBProxy.AuthFormatProperty]:
    """A way to log in for each of the credentials."""
    born_here = complete_arn(database)
    return [
        rds.CfnDBProxy.AuthFormatProperty(
            auth_scheme="SECRETS",
            secret_arn=born_here if born_here and secret is database.secret else secret.secret_arn,
            iam_auth="DISABLED" if passwords else "REQUIRED",
            client_password_auth_type=password_type,
        )
        for secret in secrets
    ]


def pool(
    percent: int,
    *,
    idle_percent: int | None,
    borrow_timeout: Duration,
    pinning_filters: Sequence[str],
    init_query: str | None,
) -> rds.CfnDBProxyTargetGroup.ConnectionPoolConfigurationInfoFormatProperty:
    """How the proxy deals with connections to the database."""
    return rds.CfnDBProxyTargetGroup.ConnectionPoolConfigurationInfoFormatProperty(
        max_connections_percent=percent,
        max_idle_connections_percent=_half(percent) if idle_percent is None else idle_percent,
        connection_borrow_timeout=cast("int", borrow_timeout.to_seconds()),
        session_pinning_filters=list(pinning_filters) or None,
        init_query=init_query,
    )


def _half(percent: int) -> int | None:
    """As AWS has it where nothing is said, which is how it stays where only the deployment knows the whole."""
    return None if is_token(percent) else percent // 2


def shorten_tags(reasons: Reasons, *resources: CfnResource) -> None:
    """Reasons become tags, and a proxy's are shorter than those of other resources; uncut they are metadata."""
    for option, reason in reasons.items():
        value = tag_value(reason or "")
        if len(value) > facts.TAG_LENGTH.value:
            for resource in resources:
                Tags.of(resource).add(TAG + option, value[: facts.TAG_LENGTH.value].strip(), priority=200)
