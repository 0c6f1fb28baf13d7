"""ElastiCache: one cache in up to three Regions, of which one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aws_cdk import Annotations, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from cdk_standby_review.facts import elasticache as facts

from .._checks import Options, Problem, Rule, check, shown
from .._reasons import weakened
from .._regions import unknown_region
from .._tokens import is_token
from ._cache_common import family_of, rule, size_of, written
from ._cache_member import GlobalMember
from .valkey_cache import ValkeyCache

__all__ = ["GlobalDatastore", "GlobalMember"]

UNPINNED = "cdk-standby:global-datastore-id-unknown"
"""The id by which the warning of the first phase is acknowledged."""
SMALL = ("micro", "small", "medium")


class GlobalDatastore(Construct):
    """A global datastore: the cache that founds it, and copies of it in up to two other Regions.

    Region loss: the other Regions go on reading; somebody promotes one of them, which takes less than a minute, and
    writes of the last second may be lost. Nothing fails over by itself. Node and zone loss: each Region by itself, as
    its `ValkeyCache`. Deletion: retained, and so are its members.

    ElastiCache makes the first half of the id up, so a datastore is deployed in two steps. First the primary's stack,
    which prints the id, while the construct warns. Then `datastore_id` is given, from a committed file, `member` is
    there, and a `ValkeyCache` in another Region takes it as `member_of`: a text, so that its stack needs no other.
    """

    datastore: elasticache.CfnGlobalReplicationGroup
    primary: ValkeyCache
    member: GlobalMember | None
    """For the secondaries; None until `datastore_id` is given."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        primary: ValkeyCache,
        suffix: str,
        datastore_id: str | None = None,
        secondaries: Mapping[str, str] | None = None,
        writes_in: str | None = None,
        deletable_because: str | None = None,
    ) -> None:
        """Build the datastore, in the stack of the cache that founds it.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another datastore, so keep it.
            primary: the cache whose data it starts with, without minor upgrades by themselves.
            suffix: the second half of the datastore's id, given when it is made: another one takes another `id`.
            datastore_id: as ElastiCache made it, from a committed file; left out: it is not known yet, and the
                construct warns and says where to find it.
            secondaries: the names of the caches in other Regions, by Region; left out: the template says nothing of
                them, which is enough until one of them writes.
            writes_in: the Region that writes, after a role change; left out: that of `primary`.
            deletable_because: why the datastore may be deleted with its stack, in a lab; otherwise it is retained.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so; also for a primary that
                no datastore takes
                (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html).
        """
        super().__init__(scope, id)
        region = Stack.of(primary).region
        roster = dict(secondaries or {})
        given: dict[str, Any] = {
            **locals(),
            "primary": primary.node.path,
            "here": Stack.of(self) is Stack.of(primary),
            "secondaries": roster or None,
        }
        check(self, RULES, given, also=[*_unfit(primary), *_unknown_regions(self, given)])
        weakened(self, "deletable", deletable_because)

        self.primary = primary
        self.member = (
            GlobalMember(
                id=datastore_id,
                cluster_mode=primary.cluster_mode,
                shards=primary.options["shards"],
                engine=primary.engine,
            )
            if datastore_id is not None
            else None
        )
        self.datastore = elasticache.CfnGlobalReplicationGroup(
            self,
            "Datastore",
            global_replication_group_id_suffix=suffix,
            global_replication_group_description=f"Global datastore {self.node.path}"[:255],
            automatic_failover_enabled=True,
            members=_members({region: primary.cache_name, **roster}, writes_in or region),
        )
        self.datastore.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        self._print_id(known=datastore_id is not None)

    def _print_id(self, *, known: bool) -> None:
        """For the secondaries' templates; there in both steps, so that it can be looked up for ever."""
        output = CfnOutput(
            self,
            "Id",
            value=self.datastore.attr_global_replication_group_id,
            description=f"For `datastore_id` of {self.node.path}",
        )
        if known:
            return
        stack = Stack.of(self)
        region = "<Region>" if is_token(stack.region) else stack.region
        key = stack.resolve(output.logical_id)
        Annotations.of(self).add_warning_v2(
            UNPINNED,
            f"{self.node.path} has an id that ElastiCache makes up. Deploy it; then `aws cloudformation "
            f"describe-stacks --region {region} --stack-name {stack.stack_name} --query "
            f"\"Stacks[0].Outputs[?OutputKey=='{key}'].OutputValue\" --output text` prints it. Write it into a "
            "committed file, give it as datastore_id, and give `member` to the caches in other Regions.",
        )


def _members(
    roster: Mapping[str, str], writes_in: str
) -> list[elasticache.CfnGlobalReplicationGroup.GlobalReplicationGroupMemberProperty]:
    return [
        elasticache.CfnGlobalReplicationGroup.GlobalReplicationGroupMemberProperty(
            replication_group_id=name,
            replication_group_region=region,
            role="PRIMARY" if region == writes_in else "SECONDARY",
        )
        for region, name in roster.items()
    ]


def _bad_id(options: Options) -> bool:
    pinned = options["datastore_id"]
    return pinned is not None and (not written(facts.GLOBAL_ID, pinned) or pinned[6:] != options["suffix"])


RULES = (
    Rule(
        option="primary",
        broken=lambda o: not o["here"],
        allowed="a cache of the same stack",
        why="the datastore is made in the Region of its primary, and neither is anything without the other",
        source=facts.GLOBAL.source,
    ),
    rule("suffix", lambda o: not written(facts.NAMES, o["suffix"]), "letters, digits and single hyphens", facts.NAMES),
    Rule(
        option="datastore_id",
        reads=("suffix",),
        broken=_bad_id,
        allowed=lambda o: f"five characters that ElastiCache made up, and '-{o['suffix']}'",
        why=facts.GLOBAL_ID.says,
        source=facts.GLOBAL_ID.source,
    ),
    rule(
        "secondaries",
        lambda o: len(o["secondaries"] or {}) > facts.SECONDARIES.value or o["region"] in (o["secondaries"] or {}),
        "one or two other Regions than the primary's",
        facts.SECONDARIES,
    ),
    Rule(
        option="writes_in",
        reads=("region",),
        broken=lambda o: o["writes_in"] is not None and o["writes_in"] not in {o["region"], *(o["secondaries"] or {})},
        allowed=lambda o: ", ".join(map(shown, (o["region"], *(o["secondaries"] or {})))),
        why="a role goes to a member that the template names",
        source=facts.GLOBAL.source,
    ),
)

_FIT: tuple[tuple[str, Callable[[Options], bool], str], ...] = (
    (
        "node_type",
        lambda o: family_of(o["node_type"]) in facts.GLOBAL.value and size_of(o["node_type"]) not in SMALL,
        "a node of another family, large or larger",
    ),
    ("minor_upgrades", lambda o: not o["minor_upgrades"], "False"),
    ("network_type", lambda o: o["network_type"] == "ipv4", "'ipv4'"),
    ("durability", lambda o: o["durability"] is None, "left out"),
    ("replicas", lambda o: o["replicas"] > 0, "1 to 5, since secondaries have automatic failover from the primary"),
    ("member_of", lambda o: o["member_of"] is None, "left out: a secondary founds nothing"),
)
"""What the primary of a datastore is like: option, test, and what to do."""


def _unfit(primary: ValkeyCache) -> Iterator[Problem]:
    for option, fits, allowed in _FIT:
        if not is_token(primary.options[option]) and not fits(primary.options):
            yield Problem(
                where=primary.node.path,
                option=option,
                got=shown(primary.options[option]),
                allowed=f"{allowed} (for a global datastore)",
                why=facts.GLOBAL.says,
                source=facts.GLOBAL.source,
            )


def _unknown_regions(where: Construct, options: Options) -> Iterator[Problem]:
    secondaries: Mapping[str, str] = options["secondaries"] or {}
    for region in secondaries:
        if problem := unknown_region(where.node.path, f"secondaries['{region}']", region):
            yield problem
