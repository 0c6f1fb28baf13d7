"""MemoryDB in up to five Regions, every one of which writes."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Annotations, CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_memorydb as memorydb
from constructs import Construct

from .._checks import check
from .._reasons import weakened
from .._tokens import is_token
from ._memorydb_member import MemoryDbMember
from ._memorydb_multi_rules import RULES, unfit_regions

__all__ = ["MemoryDbMember", "MemoryDbMultiRegion"]

UNNAMED = "cdk-standby:memorydb-name-unknown"
"""The id by which the warning of the first phase is acknowledged."""


class MemoryDbMultiRegion(Construct):
    """What MemoryDB clusters in up to five Regions have in common; all of them take reads and writes.

    Region loss: the others go on; nothing has to be promoted, only traffic to be moved, by you: there is no common
    endpoint. Replication is asynchronous, typically within a second and without a promise: writes of the lost Region
    that have not arrived are missing until it returns. Two writes to one key in two Regions are merged: the last
    writer wins, by its clock, for strings; hashes, sets and sorted sets are merged element by element. Node and zone
    loss: each member by itself, as its `MemoryDb`. Deletion: retained, and so are its members.

    MemoryDB makes the first half of the name up, so there are two steps. First this construct's stack, with the member
    of its own Region (``member_of=shared.home``): it prints the name, while the construct warns. Then `cluster_name` is
    given, from a committed file, `member` is there, and a `MemoryDb` in another Region takes it as `member_of`: a text,
    so that its stack needs no other.
    """

    cluster: memorydb.CfnMultiRegionCluster
    home: MemoryDbMember
    """For the member in this construct's own Region, from the first step on."""
    member: MemoryDbMember | None
    """For the members in other Regions; None until `cluster_name` is given."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        suffix: str,
        regions: Sequence[str],
        cluster_name: str | None = None,
        node_type: str = "db.r7g.xlarge",
        version: str = "7.3",
        shards: int = 1,
        update_strategy: str = "coordinated",
        deletable_because: str | None = None,
    ) -> None:
        """Build what the members share, in the Region of one of them.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            suffix: the second half of the name. Create-only.
            regions: where members are, or will be: this one and up to four others. It is a promise that is checked, and
                nothing in the template.
            cluster_name: as MemoryDB made it, from a committed file; left out: it is not known yet, and the construct
                warns and says where to find it.
            node_type: of every member, r7g, xlarge or larger; left out: db.r7g.xlarge. Another one is taken in place.
            version: of every member; left out: 7.3. Create-only.
            shards: of every member, 1 to 500; left out: 1. Others are made or emptied online.
            update_strategy: ``"coordinated"`` changes all members together, ``"uncoordinated"`` each when it is ready;
                left out: coordinated.
            deletable_because: why it may be deleted with its stack, in a lab; otherwise it is retained.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/memorydb/latest/devguide/multi-region.prereq.html).
        """
        super().__init__(scope, id)
        options = {**locals(), "region": Stack.of(self).region}
        check(self, RULES, options, also=unfit_regions(self, regions))
        weakened(self, "deletable", deletable_because)

        self.cluster = memorydb.CfnMultiRegionCluster(
            self,
            "Cluster",
            multi_region_cluster_name_suffix=suffix,
            description=f"Members of {self.node.path}"[:255],
            engine="valkey",
            engine_version=version,
            node_type=node_type,
            num_shards=shards,
            tls_enabled=True,
            update_strategy=update_strategy.upper(),
        )
        self.cluster.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        shape = MemoryDbMember(
            name=self.cluster.attr_multi_region_cluster_name,
            node_type=node_type,
            version=version,
            shards=shards,
            region=Stack.of(self).region,
        )
        self.home = shape
        self.member = (
            MemoryDbMember(name=cluster_name, node_type=node_type, version=version, shards=shards)
            if cluster_name is not None
            else None
        )
        self._print_name(known=cluster_name is not None)

    def _print_name(self, *, known: bool) -> None:
        """For the templates of other Regions; there in both steps, so that it can be looked up for ever."""
        output = CfnOutput(
            self,
            "Name",
            value=self.cluster.attr_multi_region_cluster_name,
            description=f"For `cluster_name` of {self.node.path}",
        )
        if known:
            return
        stack = Stack.of(self)
        region = "<Region>" if is_token(stack.region) else stack.region
        key = stack.resolve(output.logical_id)
        Annotations.of(self).add_warning_v2(
            UNNAMED,
            f"{self.node.path} has a name that MemoryDB makes up. Deploy it; then `aws cloudformation describe-stacks "
            f"--region {region} --stack-name {stack.stack_name} --query "
            f"\"Stacks[0].Outputs[?OutputKey=='{key}'].OutputValue\" --output text` prints it. Write it into a "
            "committed file, give it as cluster_name, and give `member` to the clusters in other Regions.",
        )
