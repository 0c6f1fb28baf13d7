"""Who may do what inside a MemoryDB cluster: users with a password in a secret, or with none because IAM knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource
from aws_cdk import aws_kms as kms
from aws_cdk import aws_memorydb as memorydb
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ..relational._credentials import generated, known, password
from ._cache_users import CacheUser


@dataclass(frozen=True, slots=True)
class Users:
    """The users of one cluster, and what they are made of."""

    acl: memorydb.CfnACL
    arns: dict[str, str]
    """Of all, by name."""
    secrets: dict[str, secretsmanager.ISecret]
    """Of those that have a password, by name."""
    parts: tuple[CfnResource, ...]


def made(scope: Construct, cluster: str, users: Sequence[CacheUser], key: kms.IKey) -> Users:
    """Make users, and the list of them that the cluster takes."""
    members = {user.name: _user(Construct(scope, f"User-{user.name}"), user, key) for user in users}
    acl = memorydb.CfnACL(scope, "Users", acl_name=cluster, user_names=[user.ref for user, _ in members.values()])
    secrets = {
        name: seen
        for name, (user, secret) in members.items()
        if secret is not None and (seen := known(Construct(user, "Seen"), secret.ref, None, key)) is not None
    }
    parts = [part for pair in members.values() for part in pair if part is not None]
    return Users(acl, {name: user.attr_arn for name, (user, _) in members.items()}, secrets, (acl, *parts))


def _user(scope: Construct, user: CacheUser, key: kms.IKey) -> tuple[memorydb.CfnUser, secretsmanager.CfnSecret | None]:
    secret = None if user.iam else generated(scope, user.name, key, None, ())
    mode: dict[str, Any] = {"Type": "iam"}
    if secret is not None:
        mode = {"Type": "password", "Passwords": [password(secret)]}
    user_resource = memorydb.CfnUser(
        scope, "User", user_name=user.name, access_string=user.access, authentication_mode=mode
    )
    return user_resource, secret
