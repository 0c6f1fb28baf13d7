"""A secret of the application that other Regions keep a copy of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import secretsmanager as facts

from .._checks import Options, Rule, check
from .._durations import days, told_in
from .._reasons import all_weakened
from .._tokens import is_token
from ..relational._credentials import SecretReplica, by_name, seen, written
from ..relational._rules import SECRET_REPLICAS, of_the_region

__all__ = ["AppSecret", "SecretReplica"]


class AppSecret(Construct):
    """A secret with a copy in every Region that must be able to read it alone.

    Zone loss: Secrets Manager spans zones. Region loss: the copies are read on, by the same name, and cannot be
    changed; a runbook promotes the one that takes over (``aws secretsmanager stop-replication-to-replica``), which
    keeps its name and value. Deletion: waits for 7 to 30 days, and is called off in that time.

    The value is generated, or put in by hand later: it never stands in a template. The recovery Region's stack makes no
    secret of its own, it reads this one's copy by `AppSecret.from_name`.
    """

    secret: secretsmanager.ISecret
    resource: secretsmanager.CfnSecret

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        name: str,
        replicas: Sequence[SecretReplica] = (),
        fields: Mapping[str, str] | None = None,
        generated_field: str = "password",
        length: int = 32,
        rotation: lambda_.IFunction | None = None,
        rotate_every: Duration | None = None,
        deletable_because: str | None = None,
    ) -> None:
        """Build the secret.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another secret with another value.
            key: encrypts it; a key of this Region.
            name: its name, the same in all Regions. Create-only.
            replicas: the other Regions that keep a copy, each with a key there; left out: no other Region can read it.
            fields: what stands beside the generated value, such as ``{"username": "shop"}``, and is no secret; left
                out: nothing. Another value of this option has AWS write a new secret over the old one: Create-only.
            generated_field: under which name the generated value stands; left out: "password". Another one has AWS
                write a new secret over the old one: Create-only.
            length: of the generated value, 8 to 4096 characters; left out: 32. Another one has AWS write a new secret
                over the old one: Create-only.
            rotation: a function that changes the value, as Secrets Manager asks it to; left out: nobody changes it.
            rotate_every: how often, in whole days; left out: every 30 days, with `rotation`.
            deletable_because: why the secret may go with its stack; otherwise it is retained.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html).
        """
        super().__init__(scope, id)
        options: dict[str, Any] = {**locals(), "secret_replicas": replicas, "region": Stack.of(self).region}
        options |= {"regions": {"key": key.env.region}, "key": key.node.path, "kind": "secret"}
        check(self, RULES, options)
        all_weakened(self, options)

        self.resource = written(
            self,
            {**(fields or {})},
            key,
            name,
            replicas,
            description=f"Secret {self.node.path}",
            field=generated_field,
            length=length,
            rotated=rotation is not None,
        )
        removal = RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        self.resource.apply_removal_policy(removal)
        self.secret = seen(self, self.resource.ref, key)
        if rotation is not None:
            self.secret.add_rotation_schedule(
                "Rotation", rotation_lambda=rotation, automatically_after=rotate_every or Duration.days(30)
            )

    @staticmethod
    def from_name(scope: Construct, id: str, *, name: str, key: kms.IKey) -> secretsmanager.ISecret:
        """The secret as another Region sees it: the copy there, by its name, with the key there.

        Args:
            scope: a construct of the Region that reads.
            id: unique among its children.
            name: the name that the Regions agreed on.
            key: what encrypts the copy; a key of the Region that reads.
        """
        return by_name(Construct(scope, id), name, key)

    def grant_read(self, grantee: iam.IGrantable) -> None:
        """Let somebody of this Region read the value."""
        self.secret.grant_read(grantee)

    @staticmethod
    def grant_promotion(grantee: iam.IGrantable, secret: secretsmanager.ISecret) -> None:
        """Let a runbook make the copy of its Region a secret of its own."""
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["secretsmanager:DescribeSecret", "secretsmanager:StopReplicationToReplica"],
            resource_arns=[secret.secret_full_arn or f"{secret.secret_arn}-??????"],
        )


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _bad_period(options: Options) -> bool:
    every = days(cast("Duration | None", options["rotate_every"]))
    return every is not None and (every not in facts.ROTATION.value or not float(every).is_integer())


def _bad_name(options: Options) -> bool:
    return not is_token(options["name"]) and re.fullmatch(facts.NAMES.value, options["name"]) is None


RULES = (
    _rule("name", _bad_name, "a name such as 'shop/payment'", facts.NAMES),
    Rule(
        option="replicas",
        broken=SECRET_REPLICAS.broken,
        allowed=SECRET_REPLICAS.allowed,
        why="a copy of the secret is for the day when this Region is lost",
        source=SECRET_REPLICAS.source,
    ),
    _rule("length", lambda o: o["length"] not in facts.LENGTH.value, "8 to 4096", facts.LENGTH),
    Rule(
        option="generated_field",
        broken=lambda o: not o["generated_field"] or o["generated_field"] in (o["fields"] or {}),
        allowed="a name that is none of 'fields'",
        why="the generated value stands beside the fields, under a name of its own",
        source=facts.WRITTEN_ANEW.source,
    ),
    _rule("rotate_every", _bad_period, "1 to 1000 whole days", facts.ROTATION),
    told_in("rotate_every", "days", facts.ROTATION.source),
    Rule(
        option="rotate_every",
        broken=lambda o: o["rotate_every"] is not None and o["rotation"] is None,
        allowed="nothing without 'rotation'",
        why="a value changes by a function that knows where else it is used",
        source=facts.ROTATION.source,
    ),
    of_the_region("key", "a key encrypts in its own Region only", SECRET_REPLICAS.source),
)
