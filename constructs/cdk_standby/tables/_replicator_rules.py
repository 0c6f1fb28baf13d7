"""What a replicator is checked against."""

from __future__ import annotations

import re

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from cdk_standby_review.facts import dynamodb as tables
from cdk_standby_review.facts import replication as facts

from .._checks import Options, Problem, Rule, shown, within
from .._durations import days, lasting
from .._regions import unknown_region
from .._tokens import is_token
from ._replicator_values import Replicated, ReplicationTarget, stream_of
from ._table_access import TableAccess


def _given(option: str, pattern: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option] is not None and not re.fullmatch(pattern, o[option]),
        allowed="1 to 64 letters, digits and '+=,.@_-'",
        why=facts.ROLE_NAME.says,
        source=facts.ROLE_NAME.source,
    )


def _forgets(options: Options) -> bool:
    kept, bridged = days(options["retention"]), days(options["bridges"])
    return kept is not None and bridged is not None and kept < bridged


def _allowed_retention(options: Options) -> str:
    return f"at least {shown(options['bridges'])}, which it has to bridge"


def _known(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o[option].is_unresolved() or o[option].to_seconds(integral=False) % 1 != 0,
        allowed="whole seconds that are known at synth",
        why="what depends on it is compared with it, here and in the functions",
    )


ROLE = _given("role_name", facts.ROLE_NAME.value)
RULES = [
    *map(_known, ("bridges", "retention", "tombstones")),
    lasting("bridges", facts.OUTAGE, days),
    lasting("retention", facts.RETENTION, days),
    Rule(
        option="retention",
        broken=_forgets,
        allowed=_allowed_retention,
        why=facts.RETENTION.says,
        source=facts.RETENTION.source,
    ),
    lasting("tombstones", facts.TOMBSTONES, days),
    within("concurrency", facts.CONCURRENCY),
    ROLE,
    Rule(
        option="site",
        broken=lambda o: o["site"] is not None and not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", o["site"]),
        allowed="1 to 64 letters, digits, '.', '_' and '-'",
        why="it stands in the version of every item",
    ),
    Rule(
        option="ttl",
        broken=lambda o: not 1 <= len(o["ttl"]) <= 255,
        allowed="1 to 255 characters",
        why=tables.ATTRIBUTE_NAME.says,
        source=tables.ATTRIBUTE_NAME.source,
    ),
]


def problems_of(
    where: Construct, table: Replicated, to: ReplicationTarget, ttl: str, role_name: str | None
) -> list[Problem]:
    """What is wrong between the table, its stream and the target."""
    return [*_source_problems(where, table, ttl), *_target_problems(where, table, to, role_name)]


def _source_problems(where: Construct, table: Replicated, ttl: str) -> list[Problem]:
    path, of = where.node.path, f"'{table.node.path}'"
    found = [] if stream_of(table) else [_problem(path, "table", of, "a table with a stream that is known here")]
    ours = isinstance(table, TableAccess)  # what the CDK's own tables were told cannot be read back from them
    for made in table.node.children if ours else ():
        if not isinstance(made, dynamodb.CfnGlobalTable):
            continue
        view = _attribute(made.stream_specification, "stream_view_type")
        if view not in (None, *facts.IMAGES.value):
            found.append(_problem(path, "table", f"{of} with a stream of {view}", "a stream of NEW_AND_OLD_IMAGES"))
        expires = _attribute(made.time_to_live_specification, "attribute_name")
        if not is_token(expires or "") and expires != ttl:
            found.append(
                Problem(
                    where=path,
                    option="ttl",
                    got=shown(ttl),
                    allowed=f"the time to live of {of}, {shown(expires)}",
                    why="by it the table deletes tombstones",
                )
            )
    return found


def _problem(path: str, option: str, got: str, allowed: str) -> Problem:
    return Problem(
        where=path, option=option, got=got, allowed=allowed, why=facts.IMAGES.says, source=facts.IMAGES.source
    )


def _attribute(specification: object, name: str) -> str | None:
    value = getattr(specification, name, None)
    return value if isinstance(value, str) else None


def _malformed(path: str, to: ReplicationTarget) -> list[Problem]:
    forms = {
        "to.key": (to.key, r"arn:[^:]+:kms:.+|alias/.+", "the ARN of a key, or an alias such as 'alias/orders'"),
        "to.account": (to.account, r"\d{12}", "an account, twelve digits"),
        "to.role_name": (to.role_name, facts.ROLE_NAME.value, ROLE.allowed),
    }
    return [
        Problem(where=path, option=option, got=shown(got), allowed=str(allowed), why="permissions name it")
        for option, (got, form, allowed) in forms.items()
        if got is not None and not is_token(got) and not re.fullmatch(form, got)
    ]


def _target_problems(where: Construct, table: Replicated, to: ReplicationTarget, role: str | None) -> list[Problem]:
    stack, path = Stack.of(where), where.node.path
    foreign = to.is_foreign(stack.account)
    found = [unknown_region(path, "to.region", to.region)]
    found += _malformed(path, to)
    if not is_token(to.table_name) and not re.fullmatch(tables.TABLE_NAME.value, to.table_name):
        found.append(
            Problem(
                where=path,
                option="to.table_name",
                got=shown(to.table_name),
                allowed="3 to 255 letters, digits, '_', '.' and '-'",
                why=tables.TABLE_NAME.says,
                source=tables.TABLE_NAME.source,
            )
        )
    if not foreign and to.region == stack.region:
        why = "a table cannot go on in the Region and account that it shares"
        found.append(
            Problem(
                where=path,
                option="to.region",
                got=shown(to.region),
                allowed=f"another Region than {stack.region}, or another account",
                why=why,
            )
        )
    regions: tuple[str, ...] = getattr(table, "regions", ())
    if not foreign and to.region in regions[1:]:
        found.append(
            Problem(
                where=path,
                option="to.region",
                got=shown(to.region),
                allowed="a Region without a replica of the table",
                why=facts.ONE_OF_BOTH.says,
                source=facts.ONE_OF_BOTH.source,
            )
        )
    for option, name in {"role_name": role, "to.role_name": to.role_name}.items():
        if foreign and name is None:
            found.append(
                Problem(
                    where=path,
                    option=option,
                    got=shown(name),
                    allowed="a name on which both accounts agree",
                    why="the other account lets in one role by its name, and gives it another to write with",
                )
            )
    if not foreign and to.role_name is not None:
        found.append(
            Problem(
                where=path,
                option="to.role_name",
                got=shown(to.role_name),
                allowed="left out",
                why="in its own account the replicator writes under its own role",
            )
        )
    return [one for one in found if one]
