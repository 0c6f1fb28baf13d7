"""What the options of a proxy must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import Duration, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct, IConstruct

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import rds_proxy as facts

from .._checks import Options, Problem, Rule, within
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ._access import DatabaseAccess
from ._rules import of_the_region

_KNOWN: WeakKeyDictionary[IConstruct, list[tuple[str, str]]] = WeakKeyDictionary()
"""Account and Region of every proxy, by app: AWS counts them."""


def one_too_many(proxy: Construct) -> Iterator[Problem]:
    """What to say when this proxy is more than an account has in a Region, as far as one app knows."""
    here = (Stack.of(proxy).account, Stack.of(proxy).region)
    number = _KNOWN.get(proxy.node.root, []).count(here) + 1
    if number > facts.PROXIES.value and not is_token(here):
        yield Problem(
            where=proxy.node.path,
            option="database",
            got=f"behind proxy number {number} of {here[0]} in {here[1]}",
            allowed=f"{facts.PROXIES.value} proxies",
            why=facts.PROXIES.says,
            source=facts.PROXIES.source,
        )


def remember(proxy: Construct) -> None:
    """Let those that come after count this one."""
    _KNOWN.setdefault(proxy.node.root, []).append((Stack.of(proxy).account, Stack.of(proxy).region))


def placed(proxy: Construct, vpc: ec2.IVpc, database: DatabaseAccess, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path, Region and network, for the rules: messages show paths."""
    given = {"vpc": vpc, "database": database, "alarms": alarms}
    regions = {
        "vpc": vpc.env.region,
        "database": Stack.of(database).region,
        "alarms": Stack.of(alarms).region if alarms else None,
    }
    made, theirs = vpc.node.default_child, database.security_group.node.default_child
    return {
        "kind": "proxy",
        "region": Stack.of(proxy).region,
        "regions": regions,
        "tenancy": made.instance_tenancy if isinstance(made, ec2.CfnVPC) else None,
        "networks": [vpc.vpc_id, theirs.vpc_id if isinstance(theirs, ec2.CfnSecurityGroup) else vpc.vpc_id],
        **{option: thing.node.path for option, thing in given.items() if thing is not None},
    }


def seconds(duration: Duration | None) -> float | None:
    """Seconds, in fractions too; None when the duration is not given or a token."""
    return None if duration is None or duration.is_unresolved() else duration.to_seconds(integral=False)


def lasting_seconds(option: str, limit: Fact[Range], allowed: str) -> Rule:
    """The option lasts whole seconds inside a documented range, or is left out."""

    def broken(options: Options) -> bool:
        value = seconds(options[option])
        return value is not None and not (value in limit.value and float(value).is_integer())

    return Rule(option=option, broken=broken, allowed=allowed, why=limit.says, source=limit.source)


def _of_the_database(broken_when: str, allowed: str, fact: Fact[Any]) -> Rule:
    return Rule(
        option="database",
        broken=lambda o: bool(getattr(o["target"], broken_when)),
        allowed=allowed,
        why=fact.says,
        source=fact.source,
    )


def _most_connections(options: Options) -> float:
    return facts.MAX_CONNECTIONS.value.high - (facts.FORWARDED_CONNECTIONS.value if options["target"].forwards else 0)


def _bad_idle(options: Options) -> bool:
    idle = options["idle_connections"]
    return idle is not None and not facts.IDLE_CONNECTIONS.value <= idle <= options["connections_percent"]


def _bad_name(options: Options) -> bool:
    return options["proxy_name"] is not None and not re.fullmatch(facts.NAME.value, options["proxy_name"])


def _bad_password_type(options: Options) -> bool:
    given, family = options["client_password_type"], options["target"].family
    if given is None:
        return False
    return options["passwords_because"] is None or given not in facts.PASSWORD_TYPES.value.get(family, (given,))


def _password_types(options: Options) -> str:
    known = " or ".join(f"'{one}'" for one in facts.PASSWORD_TYPES.value.get(options["target"].family, ()))
    return f"{known} together with 'passwords_because'" if known else "nothing"


def _end_to_end_here(options: Options) -> bool:
    target = options["target"]
    return target.knows_iam and target.family in (None, *facts.END_TO_END.value)


def _bad_filters(options: Options) -> bool:
    filters = options["pinning_filters"]
    of_mysql = options["target"].family in (None, "MYSQL")
    return bool(filters) and not (of_mysql and set(filters) <= set(facts.PINNING_FILTERS.value))


_DATABASE_RULES = (
    Rule(
        option="database",
        broken=lambda o: o["target"].family is None and not o["target"].elsewhere,
        allowed=lambda o: f"one of PostgreSQL, MySQL, MariaDB, SQL Server or Aurora, not of '{o['target'].engine}'",
        why=facts.FAMILIES.says,
        source=facts.FAMILIES.source,
    ),
    _of_the_database("elsewhere", "a database that this app builds", facts.SAME_NETWORK),
    _of_the_database("replica", "the source of the replica, or a replica that was promoted", facts.REPLICAS),
    _of_the_database("pauses", "a serverless cluster that keeps 0.5 capacity units or more", facts.AUTO_PAUSE),
    _of_the_database("empty", "a cluster with an instance; the proxy comes with the first one", facts.READ_ONLY),
    Rule(
        option="read_only",
        broken=lambda o: o["read_only"] and not (o["target"].readers or o["target"].empty),
        allowed="False, or a cluster with a reader beside its writer",
        why=facts.READ_ONLY.says,
        source=facts.READ_ONLY.source,
    ),
)
_PLACE_RULES = (
    Rule(
        option="vpc",
        broken=lambda o: len(o["zones"]) < facts.ZONES.value.low,
        allowed="isolated (or chosen) subnets in two Availability Zones or more",
        why=facts.ZONES.says,
        source=facts.ZONES.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: bool({*o["zones"]} & {*facts.CLOSED_ZONES.value}),
        allowed=f"zones other than {' and '.join(facts.CLOSED_ZONES.value)}",
        why=facts.CLOSED_ZONES.says,
        source=facts.CLOSED_ZONES.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["tenancy"] == facts.TENANCY.value,
        allowed="a VPC of default tenancy",
        why=facts.TENANCY.says,
        source=facts.TENANCY.source,
    ),
    Rule(
        option="vpc",
        broken=lambda o: o["networks"][0] != o["networks"][1] and not is_token(o["networks"]),
        allowed=lambda o: f"the VPC of the database, {o['networks'][1]}",
        why=facts.SAME_NETWORK.says,
        source=facts.SAME_NETWORK.source,
    ),
    of_the_region("vpc", "a proxy lives in the Region of its network", facts.SAME_NETWORK.source),
    of_the_region("database", facts.SAME_NETWORK.says, facts.SAME_NETWORK.source),
    of_the_region("alarms", "alarms and events tell topics of their own Region only", facts.METRICS.source),
)
_LOGIN_RULES = (
    Rule(
        option="secrets",
        broken=lambda o: not o["end_to_end_users"] and o["logins"] not in facts.SECRETS.value,
        allowed="1 to 200 secrets, or 'end_to_end_users', or a database with credentials of its own",
        why=facts.SECRETS.says,
        source=facts.SECRETS.source,
    ),
    Rule(
        option="end_to_end_users",
        broken=lambda o: bool(o["end_to_end_users"]) and not _end_to_end_here(o),
        allowed="nothing for this database, which the proxy logs in to with 'secrets'",
        why=facts.END_TO_END.says,
        source=facts.END_TO_END.source,
    ),
    Rule(
        option="end_to_end_users",
        broken=lambda o: "*" in "".join(o["end_to_end_users"]) or not all(o["end_to_end_users"]),
        allowed="database users by name",
        why="whoever may be any user may be the administrator",
        source=facts.END_TO_END.source,
    ),
    Rule(
        option="end_to_end_users",
        broken=lambda o: (
            bool(o["end_to_end_users"]) and (o["secrets"] is not None or o["passwords_because"] is not None)
        ),
        allowed="nothing with 'secrets' or 'passwords_because'",
        why="with IAM from end to end there is no password anywhere",
        source=facts.END_TO_END.source,
    ),
    Rule(
        option="client_password_type",
        reads=("passwords_because",),
        broken=_bad_password_type,
        allowed=_password_types,
        why=facts.PASSWORD_TYPES.says,
        source=facts.PASSWORD_TYPES.source,
    ),
)
_POOL_RULES = (
    within("connections_percent", facts.MAX_CONNECTIONS),
    Rule(
        option="connections_percent",
        broken=lambda o: _most_connections(o) < o["connections_percent"] <= facts.MAX_CONNECTIONS.value.high,
        allowed=lambda o: f"1 to {_most_connections(o):g}, since the database forwards writes",
        why=facts.FORWARDED_CONNECTIONS.says,
        source=facts.FORWARDED_CONNECTIONS.source,
    ),
    Rule(
        option="idle_connections",
        reads=("connections_percent",),
        broken=_bad_idle,
        allowed=lambda o: f"0 to {o['connections_percent']}, which is 'connections_percent'",
        why=facts.IDLE_CONNECTIONS.says,
        source=facts.IDLE_CONNECTIONS.source,
    ),
    lasting_seconds("borrow_timeout", facts.BORROW_TIMEOUT, "0 to 300 seconds, in whole seconds"),
    lasting_seconds("idle_client_timeout", facts.IDLE_CLIENT_TIMEOUT, "1 minute to 8 hours, in whole seconds"),
    Rule(
        option="pinning_filters",
        broken=_bad_filters,
        allowed=f"{', '.join(map(repr, facts.PINNING_FILTERS.value))}, for MySQL and MariaDB",
        why=facts.PINNING_FILTERS.says,
        source=facts.PINNING_FILTERS.source,
    ),
    Rule(
        option="init_query",
        broken=lambda o: o["init_query"] is not None and not o["init_query"].strip(),
        allowed="statements such as 'SET TIME ZONE UTC', or left out",
        why="the proxy runs it on every connection that it opens",
        source=facts.MAX_CONNECTIONS.source,
    ),
    Rule(
        option="proxy_name",
        broken=_bad_name,
        allowed="up to 63 letters, digits and single hyphens, starting with a letter",
        why=facts.NAME.says,
        source=facts.NAME.source,
    ),
)
RULES = (*_DATABASE_RULES, *_PLACE_RULES, *_LOGIN_RULES, *_POOL_RULES)
