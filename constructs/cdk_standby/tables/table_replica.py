"""A global table seen from one of its other Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from constructs import Construct

from .._alarms import add_alarms
from .._checks import Problem, check
from ..alarm_topic import AlarmTopic
from ._table_access import TableAccess
from ._table_alarms import Watched, known, table_alarms
from ._table_names import index_problems, region_problem
from ._table_rules import REPLICA_RULES


class TableReplica(TableAccess):
    """What the stacks of another Region need of a global table: grants, metrics and alarms, for the replica there.

    It makes no table: the `Table` makes all replicas, in its own Region's stack. It reads nothing from that stack
    either, so that this Region deploys and takes over while the other is lost: the two agree on a name.
    Where both are in one app, `Table.in_region` fills in what the table knows.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        table_name: str,
        key: kms.IKey,
        replicates_to: Sequence[str] = (),
        global_indexes: Sequence[str] = (),
        local_indexes: Sequence[str] = (),
        max_reads: int | None = None,
        max_writes: int | None = None,
        stream_arn: str | None = None,
        kinesis: bool = False,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Refer to the replica in the Region of this stack.

        Args:
            scope: the parent, in a stack of the replica's Region.
            id: unique among the parent's children.
            table_name: the table's, the same in all Regions.
            key: encrypts the replica in this Region; callers are let in to it.
            replicates_to: the other Regions of an eventually consistent table, whose lag is watched from here; left
                out, as for a strongly consistent one: no lag is watched.
            global_indexes: names of the global indexes; left out: callers cannot query any, and none is watched.
            local_indexes: names of the local indexes; left out: callers cannot query any.
            max_reads: the most that the replica may read a second, provisioned or on demand; left out: how near it
                comes is not watched.
            max_writes: likewise for writes; left out: not watched.
            stream_arn: of the replica's stream, from a committed file, since DynamoDB makes the ARN up; left out: the
                stream cannot be granted.
            kinesis: whether its changes go to a Kinesis data stream here; left out: no.
            alarms: who is told of what happens in this Region; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds, by the names of `Table`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: a name or a Region is none, or key or alarms are elsewhere
                (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
        """
        super().__init__(scope, id)
        options = {
            "table_name": table_name,
            "replicates_to": replicates_to,
            "max_reads": max_reads,
            "max_writes": max_writes,
            "region": Stack.of(self).region,
            "regions": {"key": key.env.region, "alarms": Stack.of(alarms).region if alarms else None},
            "kind": "replica",
            "key": key.node.path,
            "alarms": alarms.node.path if alarms else None,
        }
        named = {"global_indexes": global_indexes, "local_indexes": local_indexes}
        check(self, REPLICA_RULES, options, also=_unknown(self, replicates_to, named))
        self.table_name = table_name
        self.key = key
        self.indexes = (*global_indexes, *local_indexes)
        self.stream_arn = stream_arn
        self.recovers = True
        most = {"Read": max_reads, "Write": max_writes}
        watched = Watched(
            others=replicates_to,
            global_indexes=global_indexes,
            maxima=known(most),
            kinesis=kinesis,
        )
        self.alarms = add_alarms(
            self, table_alarms(self, watched), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )

    @property
    def table_arn(self) -> str:
        """In this Region."""
        return Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=self.table_name)


def _unknown(scope: Construct, regions: Sequence[str], indexes: Mapping[str, Sequence[str]]) -> list[Problem]:
    path = scope.node.path
    found = [region_problem(path, f"replicates_to[{n}]", region) for n, region in enumerate(regions)]
    return [*(problem for problem in found if problem), *index_problems(path, indexes)]
