"""Who may do what inside a cache: users with a password that AWS made up, or with none because IAM knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource, Names
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from ..relational._credentials import generated, password

EVERYTHING_SAFE = "on ~* &* +@all -@dangerous +info"
"""All keys and channels, and all commands but those that empty, stop or spy on the cache."""
LONGEST_ID = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheUser:
    """Somebody who may use a cache.

    Args:
        name: what clients type; of a user that IAM knows it is the id too, which an account has once in a Region.
        access: which keys and commands, in the words of ACLs; left out: all but those that are dangerous.
        iam: True lets IAM say who it is, with a token in place of a password; left out: a password, in a secret.
    """

    name: str
    access: str = EVERYTHING_SAFE
    iam: bool = False

    def __str__(self) -> str:
        """As it was typed."""
        access = "" if self.access == EVERYTHING_SAFE else f", access={self.access!r}"
        return f"CacheUser(name={self.name!r}{access}{', iam=True' if self.iam else ''})"


@dataclass(frozen=True, slots=True)
class Users:
    """The users of one cache, and what they are made of."""

    group: elasticache.CfnUserGroup
    ids: dict[str, str]
    """Of those that IAM knows, by name."""
    secrets: dict[str, secretsmanager.ISecret]
    """Of the others, by name."""
    parts: tuple[CfnResource, ...]


def made(scope: Construct, engine: str, users: Sequence[CacheUser], key: kms.IKey) -> Users:
    """Make users and their group. The user that clients are without a name exists, and may do nothing."""
    nobody = _user(scope, "Nobody", engine, CacheUser(name="default", access="off -@all"), key)
    members = {user.name: _user(scope, f"User-{user.name}", engine, user, key) for user in users}
    group = elasticache.CfnUserGroup(
        scope,
        "Users",
        engine=engine,
        user_group_id=_id(scope),
        user_ids=[user.ref for user, _ in (nobody, *members.values())],
    )
    secrets = {
        name: secretsmanager.Secret.from_secret_attributes(
            scope,
            f"Credentials-{name}",
            secret_complete_arn=secret.ref,
            encryption_key=kms.Key.from_key_arn(scope, f"CredentialsKey-{name}", key.key_arn),
        )
        for name, (_, secret) in members.items()
        if secret is not None
    }
    ids = {name: user.ref for name, (user, secret) in members.items() if secret is None}
    parts = [part for pair in (nobody, *members.values()) for part in pair if part is not None]
    return Users(group, ids, secrets, (group, *parts))


def _user(
    scope: Construct, id: str, engine: str, user: CacheUser, key: kms.IKey
) -> tuple[elasticache.CfnUser, secretsmanager.CfnSecret | None]:
    own = Construct(scope, id)
    secret = None if user.iam else generated(own, user.name, key, None, ())
    mode: dict[str, Any] = {"Type": "iam"}
    if secret is not None:
        mode = {"Type": "password", "Passwords": [password(secret)]}
    made = elasticache.CfnUser(
        own,
        "User",
        engine=engine,
        user_id=user.name if user.iam else _id(own),
        user_name=user.name,
        access_string=user.access,
        authentication_mode=mode,
    )
    return made, secret


def _id(scope: Construct) -> str:
    """ElastiCache makes no ids up: one after the construct's path, which is as unique."""
    return Names.unique_resource_name(scope, max_length=LONGEST_ID).lower()
