"""The credentials of a database, and their copies in other Regions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import ArnFormat, SecretValue, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ._parts import NIST, accept

UNROTATED = ("AwsSolutions::AwsSolutions-SMG4", NIST + "SecretsManagerRotationEnabled")
NO_ROTATION = (
    "rotating credentials that other Regions hold copies of changes every Region at once and needs a function of the "
    "user's own; add_rotation_schedule on `secret` adds it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretReplica:
    """Another Region that keeps a copy of the credentials, so that they survive the loss of this one.

    Args:
        region: where the copy lives.
        key: the key there that encrypts it: its ARN, or its alias as Regions agreed on it.
    """

    region: str
    key: str


def generated(
    scope: Construct,
    username: str,
    key: kms.IKey,
    name: str | None,
    replicas: Sequence[SecretReplica],
    *,
    length: int = 32,
) -> secretsmanager.CfnSecret:
    """A generated password, with copies in other Regions. It names no host: hosts change roles, it does not.

    Its length stays what it was: another one makes another password.
    """
    says = f"Credentials of {scope.node.path}"
    return written(scope, {"username": username}, key, name, replicas, description=says, length=length)


def written(
    scope: Construct,
    fields: Mapping[str, str],
    key: kms.IKey,
    name: str | None,
    replicas: Sequence[SecretReplica],
    *,
    description: str,
    field: str = "password",
    length: int,
    rotated: bool = False,
) -> secretsmanager.CfnSecret:
    """A secret of some fields, one of which AWS makes up, with copies in other Regions."""
    secret = secretsmanager.CfnSecret(
        scope,
        "Secret",
        name=name,
        description=description,
        kms_key_id=key.key_arn,
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
            secret_string_template=json.dumps(dict(fields)),
            generate_string_key=field,
            password_length=length,
            exclude_characters="\"@/\\ '`$%{}",
        ),
        replica_regions=[
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=replica.region, kms_key_id=replica.key)
            for replica in replicas
        ]
        or None,
    )
    if not rotated:
        accept(secret, NO_ROTATION, *UNROTATED)
    return secret


def password(secret: secretsmanager.CfnSecret) -> str:
    """What CloudFormation puts in at deployment; the template never holds it."""
    return SecretValue.secrets_manager(secret.ref, json_field="password").unsafe_unwrap()


def managed(key: kms.IKey, of: type[rds.CfnDBCluster] | type[rds.CfnDBInstance] = rds.CfnDBCluster) -> dict[str, Any]:
    """RDS makes the password, keeps it in a secret of this Region, and changes it every week."""
    return {
        "manage_master_user_password": True,
        "master_user_secret": of.MasterUserSecretProperty(kms_key_id=key.key_arn),
    }


def known(scope: Construct, arn: str | None, name: str | None, key: kms.IKey) -> secretsmanager.ISecret | None:
    """The credentials as this Region sees them: by name where the name is known, since a replica has another ARN.

    The key is seen by its ARN, so that readers in other stacks get their own policy extended, never the key's: that
    would be a cycle between the stacks.
    """
    if name is not None:
        return by_name(scope, name, key)
    return None if arn is None else seen(scope, arn, key)


def seen(scope: Construct, arn: str, key: kms.IKey) -> secretsmanager.ISecret:
    """A secret of this Region by its ARN, with its key by ARN too."""
    key = kms.Key.from_key_arn(scope, "CredentialsKey", key.key_arn)
    return secretsmanager.Secret.from_secret_attributes(
        scope, "Credentials", secret_complete_arn=arn, encryption_key=key
    )


def by_name(scope: Construct, name: str, key: kms.IKey) -> secretsmanager.ISecret:
    """A secret, or its copy in another Region, by the name that all Regions know."""
    key = kms.Key.from_key_arn(scope, "CredentialsKey", key.key_arn)
    partial = Stack.of(scope).format_arn(
        service="secretsmanager", resource="secret", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    return secretsmanager.Secret.from_secret_attributes(
        scope, "Credentials", secret_partial_arn=partial, encryption_key=key
    )
