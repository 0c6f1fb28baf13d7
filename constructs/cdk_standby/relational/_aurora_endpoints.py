"""Endpoints that lead to chosen instances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_rds as rds

from cdk_standby_review.facts import aurora_features as features

from .._checks import Options, Rule, check, one_of
from ._access import AuroraAccess
from ._aurora_names import named
from ._parts import accept
from ._place import lower


def _bad_numbers(option: str) -> Rule:
    def unknown(options: Options) -> bool:
        chosen: Sequence[int] | None = options[option]
        if chosen is None:
            return False
        known = all(number in range(1, options["count"] + 1) for number in chosen)
        return not chosen or not known or len(set(chosen)) < len(chosen)

    return Rule(
        option=option,
        broken=unknown,
        allowed=lambda o: f"numbers of instances, 1 to {o['count']}, each once",
        why="an endpoint leads to instances that the cluster has, counted from 1",
        source=features.ENDPOINT_KINDS.source,
    )


RULES = (
    one_of(
        "kind", features.ENDPOINT_KINDS.value, why=features.ENDPOINT_KINDS.says, source=features.ENDPOINT_KINDS.source
    ),
    _bad_numbers("members"),
    _bad_numbers("excluded"),
    Rule(
        option="excluded",
        reads=("members",),
        broken=lambda o: o["excluded"] is not None and o["members"] is not None,
        allowed="left out with 'members'",
        why="an endpoint has a fixed list of instances, or all but a few, those to come included",
        source=features.ENDPOINT_KINDS.source,
    ),
    Rule(
        option="name",
        broken=lambda o: o["name"] is None,
        allowed="a name, unless the cluster has a 'cluster_identifier'",
        why="RDS makes none up, and it is unique in the Region",
        source=features.ENDPOINT_NAMES.source,
    ),
    named("name", features.ENDPOINT_NAMES, "up to 63 letters, digits and single hyphens, starting with a letter"),
    Rule(
        option="id",
        broken=lambda o: o["id"] in o["others"],
        allowed="one that no other endpoint of the cluster has",
        why="another endpoint is another resource",
    ),
    Rule(
        option="id",
        broken=lambda o: len(o["others"]) >= features.ENDPOINTS.value,
        allowed=f"{features.ENDPOINTS.value} endpoints, and none more",
        why=features.ENDPOINTS.says,
        source=features.ENDPOINTS.source,
    ),
)


def endpoint(
    scope: AuroraAccess,
    id: str,
    *,
    instances: Sequence[rds.CfnDBInstance],
    cluster_identifier: str | None,
    others: Mapping[str, rds.CfnDBClusterEndpoint],
    members: Sequence[int] | None,
    excluded: Sequence[int] | None,
    kind: str,
    name: str | None,
) -> rds.CfnDBClusterEndpoint:
    """Check and make one; named after the cluster unless it has a name of its own."""
    called = name or (cluster_identifier and f"{cluster_identifier}-{id}")
    check(scope, RULES, {**locals(), "name": called, "count": len(instances)})

    def chosen(numbers: Sequence[int] | None) -> list[str] | None:
        return None if numbers is None else [instances[number - 1].ref for number in numbers]

    made = rds.CfnDBClusterEndpoint(
        scope,
        f"Endpoint-{id}",
        db_cluster_identifier=scope.cluster_identifier,
        db_cluster_endpoint_identifier=str(lower(called)),
        custom_endpoint_type=kind,
        static_members=chosen(members),
        excluded_members=chosen(excluded),
    )
    accept(made, "the type is newer than the table of the validator", "CloudFormation-Validate::F3006")
    return made
