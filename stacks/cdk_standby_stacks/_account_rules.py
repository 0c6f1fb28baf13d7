"""Which accounts a deployment may be spread over: all sites are in one, and the domain may be in another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs import Construct

from cdk_standby._checks import InvalidOptions, Options, Problem, shown
from cdk_standby._tokens import is_token
from cdk_standby_review.facts import Confidence, Fact, accounts, dynamodb, rds_clusters, rds_replicas

from .dns_account import NAME_SERVERS_PIN, ParentZone, pinned_name_servers
from .tiers import AuroraMysql, AuroraPostgres, Dsql, MultiAzDbCluster, Rds, Secret, Table, Tier

ACCOUNT = re.compile(r"\d{12}")
_SERVER = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\.?")
_COPY = "one account for all sites; or BackupRestore with 'copies_to_vault', and 'restored' in that account"
_WHY: Mapping[type, Fact[Any]] = {
    AuroraPostgres: accounts.GLOBAL_DATABASE,
    AuroraMysql: accounts.GLOBAL_DATABASE,
    Dsql: accounts.DSQL,
    MultiAzDbCluster: rds_clusters.COPIES,
    Rds: rds_replicas.ONE_ACCOUNT,
    Secret: accounts.SECRETS,
}


def account_of(account: str | Mapping[str, str], primary: str) -> str:
    """The account of all sites, of which there is one, or of the primary, where the options are refused for it."""
    return account if isinstance(account, str) else account.get(primary, "")


def check_accounts(where: Construct, options: Options) -> None:
    """Raise InvalidOptions with every account that is none or one too many, and why each store cannot be in two."""
    path = where.node.path
    problems = [*_numbers(path, options), *_several(path, options)]
    if options["parent_zone"] is not None:
        problems += _parent(where, options, options["parent_zone"])
    if problems:
        raise InvalidOptions(problems)


def _by_region(options: Options) -> dict[str, str]:
    """The account of each Region."""
    account: str | Mapping[str, str] = options["account"]
    regions: list[str] = options["regions"]
    return dict.fromkeys(regions, account) if isinstance(account, str) else dict(account)


def _numbers(where: str, options: Options) -> Iterator[Problem]:
    found = _by_region(options)
    if not all(is_token(account) or ACCOUNT.fullmatch(account) for account in found.values()):
        yield Problem(
            where=where,
            option="account",
            got=shown(options["account"]),
            allowed="the 12 digits of an AWS account",
            why="stacks without an account cannot know their zones, nor Regions each other's names",
        )
    if set(found) != set(options["regions"]):
        yield Problem(
            where=where,
            option="account",
            got=shown(options["account"]),
            allowed="one account, or the same one for each of " + ", ".join(map(shown, options["regions"])),
            why="each site is in an account",
        )


def _several(where: str, options: Options) -> Iterator[Problem]:
    """Stores first: most cannot be in two accounts at all. What decides about traffic is in one in any case."""
    used = dict.fromkeys(_by_region(options).values())
    if len(used) < 2:
        return
    got = " and ".join(map(shown, used))
    for tier in options["workload"].tiers:
        fact, allowed = _why(tier)
        if fact is not None:
            yield Problem(
                where=f"{where}: workload.{tier.name}",
                option="account",
                got=got,
                allowed=allowed,
                why=_said(fact),
                source=fact.source,
            )
    yield Problem(
        where=where,
        option="account",
        got=got,
        allowed=_COPY,
        why=f"one account decides where users are led: {accounts.ALARM_OF_CHECK.says}",
        source=accounts.ALARM_OF_CHECK.source,
    )


def _why(tier: Tier) -> tuple[Fact[Any] | None, str]:
    if isinstance(tier, Table):
        if tier.consistency == "strong":
            return accounts.STRONG_TABLES, _COPY
        own = "one account; or in stacks of your own the constructs `Table(shared_with=)` and `TableAccountReplica`"
        return dynamodb.ACCOUNTS, f"{own}; or BackupRestore with 'copies_to_vault'"
    return _WHY.get(type(tier)), _COPY


def _said(fact: Fact[Any]) -> str:
    """What AWS documents, or what is taken for true."""
    return fact.says if fact.confidence is Confidence.DOCUMENTED else f"{fact.says} ({fact.confidence})"


def _parent(where: Construct, options: Options, parent: ParentZone) -> Iterator[Problem]:
    path = where.node.path
    if options["hosted_zone_id"] is not None:
        yield Problem(
            where=path,
            option="parent_zone",
            got=f"given, and 'hosted_zone_id' is {shown(options['hosted_zone_id'])}",
            allowed="one of them: 'hosted_zone_id' for a zone of this account, or 'parent_zone' for a zone of another "
            "one that hands the domain to a zone made here",
            why=f"records, certificates and health checks are of one account: {accounts.ALARM_OF_CHECK.says}, and "
            f"{_said(accounts.VALIDATION)}",
            source=accounts.ALARM_OF_CHECK.source,
        )
    if not ACCOUNT.fullmatch(parent.account) or parent.account in _by_region(options).values():
        yield Problem(
            where=path,
            option="parent_zone.account",
            got=shown(parent.account),
            allowed="the 12 digits of another account than that of the sites",
            why="a zone of the same account is 'hosted_zone_id'",
        )
    if not re.fullmatch(accounts.ZONE_ID.value, parent.hosted_zone_id):
        yield Problem(
            where=path,
            option="parent_zone.hosted_zone_id",
            got=shown(parent.hosted_zone_id),
            allowed="the id of a hosted zone, such as 'Z0123456789PARENT'",
            why=accounts.ZONE_ID.says,
            source=accounts.ZONE_ID.source,
        )
    yield from _name_servers(where, options["workload"].domain)


def _name_servers(where: Construct, domain: str) -> Iterator[Problem]:
    names = pinned_name_servers(where, domain)
    if names and not (len(names) in accounts.NAME_SERVERS.value and all(map(_SERVER.fullmatch, names))):
        yield Problem(
            where=where.node.path,
            option=f"{NAME_SERVERS_PIN} of {domain}",
            got=shown(names),
            allowed="the four names that the stack of the zone prints",
            why=accounts.NAME_SERVERS.says,
            source=accounts.NAME_SERVERS.source,
        )
