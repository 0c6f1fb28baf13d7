"""All that can be wrong with a table, found in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import dynamodb as facts

from .._checks import Problem, check, shown
from .._tokens import is_token
from ._table_accounts import shared_problems
from ._table_capacity import Throughput
from ._table_keys import Keys
from ._table_names import region_problem
from ._table_rules import RULES
from ._table_values import Replica

_POLICIES = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html"


def check_table(scope: Construct, given: Mapping[str, Any], keys: Keys, throughput: Throughput) -> None:
    """Raise InvalidOptions with all problems; options that hold values of ours are shown by their names."""
    path, replicas = scope.node.path, given["replicas"]
    also = [
        *keys.problems(path),
        *throughput.problems(path),
        *replica_problems(scope, replicas, given["witness"]),
        *policy_problems(scope, "policy", given["policy"]),
        *shared_problems(scope, given),
    ]
    for replica in replicas:
        also += policy_problems(scope, f"replicas['{replica.region}'].policy", replica.policy)
    check(scope, RULES, {**given, **_named(scope, given)}, also=also)


def _named(scope: Construct, given: Mapping[str, Any]) -> dict[str, Any]:
    alarms, stream = given["alarms"], given["kinesis_stream"]
    return {
        "kind": "table",
        "region": Stack.of(scope).region,
        "regions": {
            "key": given["key"].env.region,
            "alarms": Stack.of(alarms).region if alarms else None,
            "kinesis_stream": stream.env.region if stream else None,
        },
        "key": given["key"].node.path,
        "alarms": alarms.node.path if alarms else None,
        "kinesis_stream": stream.node.path if stream else None,
        "replicas": [replica.region for replica in given["replicas"]],
        "local_indexes": [index.name for index in given["local_indexes"]],
    }


def replica_problems(scope: Construct, replicas: Sequence[Replica], witness: str | None) -> Iterator[Problem]:
    """Regions that do not exist, and keys and streams that are not theirs."""
    where = scope.node.path
    named = {f"replicas[{n}].region": replica.region for n, replica in enumerate(replicas)}
    for option, region in {**named, **({"witness": witness} if witness is not None else {})}.items():
        if problem := region_problem(where, option, region):
            yield problem
    for replica in replicas:
        option = f"replicas['{replica.region}']"
        yield from _bad_key(scope, option, replica)
        if replica.kinesis_stream is not None and not _there(replica.kinesis_stream, "kinesis", replica.region):
            allowed = f"the ARN of a stream in {replica.region}"
            why = "a replica sends its changes to a stream of its own Region"
            yield _problem(where, f"{option}.kinesis_stream", shown(replica.kinesis_stream), allowed, why)


def policy_problems(scope: Construct, option: str, statements: Sequence[iam.PolicyStatement]) -> Iterator[Problem]:
    """Statements of a resource policy that are about nobody."""
    for statement in statements:
        if not statement.has_principal:
            yield Problem(
                where=scope.node.path,
                option=option,
                got="a statement without principals",
                allowed="statements that name whom they are about",
                why="a resource policy says who may come near the table",
                source=_POLICIES,
            )


def _bad_key(scope: Construct, option: str, replica: Replica) -> Iterator[Problem]:
    key, where = replica.key, scope.node.path
    if isinstance(key, str):
        alias = re.fullmatch(r"alias/[A-Za-z0-9/_-]{1,250}", key)
        if not is_token(key) and not alias and not _there(key, "kms", replica.region):
            allowed = f"a key or an ARN of {replica.region}, or an alias such as 'alias/orders'"
            yield _problem(where, f"{option}.key", shown(key), allowed, facts.KEYS.says)
        return
    there = key.env.region
    if not is_token(there) and there != replica.region and not is_token(replica.region):
        got = f"{key.node.path} in {there}"
        yield _problem(where, f"{option}.key", got, f"a key of {replica.region}", facts.KEYS.says)
    elif is_token(key.key_arn) and Stack.of(key) is not Stack.of(scope):
        allowed = f"its alias in {replica.region}, such as 'alias/orders', or an ARN that is known at synth"
        why = "a template that reads from another Region cannot be deployed without that Region"
        yield _problem(where, f"{option}.key", shown(key.node.path), allowed, why)


def _there(arn: str, service: str, region: str) -> bool:
    return is_token([arn, region]) or bool(
        re.fullmatch(rf"arn:aws[a-z-]*:{service}:{re.escape(region)}:\d{{12}}:\S+", arn)
    )


def _problem(where: str, option: str, got: str, allowed: str, why: str) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=why, source=facts.KEYS.source)
