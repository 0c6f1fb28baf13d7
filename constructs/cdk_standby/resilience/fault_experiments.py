"""Faults on purpose: a zone without power, a Region that is cut off, replication that pauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_cdk import CfnResource, Duration, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_fis as fis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from cdk_standby_review.facts import fis as facts

from .._checks import Rule, check
from .._durations import lasting, minutes
from .._reasons import weakened
from .._regions import unknown_region
from ..keys import allow_logs
from ..relational._experiment_parts import STOP_RULES, stop_conditions
from ..relational._operated import unknown_at_synth
from . import _faults
from ._experiment import experiment

TAG = _faults.TAG
Experiments = Mapping[str, fis.CfnExperimentTemplate]


class FaultExperiments(Construct):
    """Experiments of FIS on one workload in one Region: they run when somebody starts them, never by themselves.

    * `ZonePower`: the instances of one zone stop and none start there, its subnets are cut off for two minutes, and
      databases and caches whose writer is there fail over. A workload over several zones survives it.
    * `RegionCut`: subnets no longer reach another Region, and replication to it pauses. What serves from one Region
      goes on; what it writes meanwhile would be lost with that Region.
    * `ReplicationPause`: buckets and tables alone fall behind, as lag alarms should tell.

    An alarm that rings, or rang when it started, stops an experiment. What may be struck carries the tag
    `cdk-standby:experiments`; the roles can strike nothing else. AWS's own traffic between Regions, that of Aurora's
    storage among it, is never cut.
    """

    experiments: Experiments
    """Templates by name; those with nothing to strike are not made."""
    log_group: logs.LogGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        workload: str,
        strikes: Sequence[IConstruct],
        zone: str,
        key: kms.IKey,
        other_region: str | None = None,
        buckets: Sequence[str] = (),
        tables: Sequence[str] = (),
        stop_on: Sequence[cloudwatch.IAlarm] = (),
        no_stop_because: str | None = None,
        duration: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_YEAR,
    ) -> None:
        """Tag what may be struck, and make the experiments.

        Args:
            scope: the parent, in a stack of the Region that is struck.
            id: unique among the parent's children.
            workload: the value of the tag, by which other workloads of the account are left alone.
            strikes: constructs of this Region, such as a VPC, a service, a database, a cache: their subnets, groups,
                clusters, instances with a standby and volumes are tagged. What was not made in this app, tag yourself.
            zone: the Availability Zone that loses its power, such as eu-west-1a.
            key: encrypts the log of the experiments.
            other_region: the Region that is cut off; left out: only a zone is lost.
            buckets: ARNs of buckets that replicate to it; left out: none.
            tables: ARNs of replicas of global tables here; left out: none.
            stop_on: up to five alarms that stop every experiment; left out: refused.
            no_stop_because: why nothing needs to stop them.
            duration: of the faults, 1 to 720 minutes; left out: 30 minutes.
            log_retention: how long the log of the experiments is kept; left out: a year.

        Raises:
            InvalidOptions: nothing stops an experiment, or nothing is struck
                (https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html).
        """
        super().__init__(scope, id)
        lasts = duration or Duration.minutes(facts.ZONE_POWER.value)
        found = list(_struck(strikes))
        given: dict[str, Any] = {"workload": workload, "zone": zone, "duration": lasts, "other_region": other_region}
        given |= {"no_stop_because": no_stop_because, "stop_on": [alarm.node.path for alarm in stop_on]}
        given |= {"strikes": [one.node.path for one in found], "region": Stack.of(self).region}
        given |= {"buckets": [*buckets], "tables": [*tables]}
        unknown = unknown_region(self.node.path, "other_region", other_region) if other_region is not None else None
        late = unknown_at_synth(self, workload=workload, duration=lasts)
        check(self, RULES, given, also=[*late, *([unknown] if unknown else [])])
        weakened(self, "no_stop", no_stop_because)

        tag_struck(found, workload)
        allow_logs(key)
        self.log_group = logs.LogGroup(self, "Log", encryption_key=key, retention=log_retention)
        kinds = {one.cfn_resource_type for one in found}
        plans = _plans(zone, other_region, lasts.to_iso_string(), kinds, buckets=buckets, tables=tables)
        self.experiments = {
            name: experiment(
                self,
                name,
                says=f"{_SAYS[name]} ({workload})",
                faults=faults,
                tagged=workload,
                arns={"Buckets": [*buckets], "Tables": [*tables]},
                stops=stop_conditions(stop_on),
                log=self.log_group,
            )
            for name, faults in plans.items()
            if faults
        }


def tag_struck(scopes: Sequence[IConstruct], workload: str) -> None:
    """Tag what FIS can strike in these scopes as the workload's."""
    for one in _struck(scopes):
        Tags.of(one).add(TAG, workload)


_SAYS = {
    "ZonePower": "A zone without power",
    "RegionCut": "A Region that is cut off",
    "ReplicationPause": "Replication between Regions pauses",
}


def _plans(
    zone: str, other: str | None, lasts: str, kinds: set[str], *, buckets: Sequence[str], tables: Sequence[str]
) -> dict[str, list[_faults.Fault]]:
    """The faults of each experiment, as far as there is something that they strike."""
    network = f"PT{facts.ZONE_NETWORK.value}M"
    power = [fault for fault in _faults.zone_faults(zone, lasts, network) if fault.strikes in kinds]
    if other is None:
        return {"ZonePower": power}
    pauses = [
        *([_faults.bucket_pause(other, lasts, buckets)] if buckets else []),
        *([_faults.table_pause(lasts, tables)] if tables else []),
    ]
    cut = [fault for fault in (_faults.region_cut(other, lasts),) if fault.strikes in kinds]
    return {"ZonePower": power, "RegionCut": [*cut, *pauses] if cut else [], "ReplicationPause": pauses}


def _struck(scopes: Sequence[IConstruct]) -> Iterator[CfnResource]:
    """What FIS knows how to strike: of instances those that have somebody to fail over to."""
    kinds = {fault.strikes for fault in _faults.zone_faults("", "", "")}
    for scope in scopes:
        for one in scope.node.find_all():
            if isinstance(one, CfnResource) and one.cfn_resource_type in kinds and _fails_over(one):
                yield one


def _fails_over(one: CfnResource) -> bool:
    return not isinstance(one, rds.CfnDBInstance) or (one.multi_az is True and one.db_cluster_identifier is None)


_SOURCE = "https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html"
RULES = (
    *STOP_RULES,
    lasting("duration", facts.DURATION, minutes),
    Rule(
        option="strikes",
        broken=lambda o: not o["strikes"],
        allowed="constructs with subnets, groups, clusters, caches or volumes",
        why="an experiment that strikes nothing proves nothing",
        source=_SOURCE,
    ),
    Rule(
        option="workload",
        broken=lambda o: not o["workload"].strip(),
        allowed="the name of the workload",
        why="it is the tag by which other workloads of the account are left alone",
    ),
    Rule(
        option="zone",
        reads=("region",),
        broken=lambda o: not (o["zone"].startswith(o["region"]) and len(o["zone"]) == len(o["region"]) + 1),
        allowed=lambda o: f"a zone of {o['region']}, such as '{o['region']}a'",
        why="FIS strikes in its own Region",
        source=_SOURCE,
    ),
    Rule(
        option="other_region",
        reads=("region",),
        broken=lambda o: o["other_region"] == o["region"],
        allowed=lambda o: f"another Region than '{o['region']}'",
        why="a Region is not cut off from itself",
        source="https://docs.aws.amazon.com/fis/latest/userguide/cross-region-scenario.html",
    ),
    Rule(
        option="other_region",
        reads=("buckets", "tables"),
        broken=lambda o: o["other_region"] is None and bool(o["buckets"] or o["tables"]),
        allowed="the Region to which buckets and tables replicate",
        why="replication pauses towards another Region",
        source=_SOURCE,
    ),
)
