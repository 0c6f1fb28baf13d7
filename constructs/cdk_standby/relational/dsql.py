"""Aurora DSQL: one cluster in one Region, alone or as one of two that both take writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from aws_cdk import Annotations, CfnOutput, Duration, RemovalPolicy, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dsql as dsql
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from cdk_standby_review.facts import dsql as facts

from .._alarms import add_alarms
from .._checks import InvalidOptions, Problem, check
from .._reasons import tag_value, weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ._dsql_alarms import cluster_alarms
from ._dsql_endpoint import DsqlEndpoint
from ._dsql_members import Member, disagreements, remember
from ._dsql_policy import allow_dsql, policy, refused
from ._dsql_rules import RULES, unknown

__all__ = ["DsqlCluster", "DsqlEndpoint"]

Phase = Literal["single-Region", "waits for its peer", "peered"]
UNPEERED = "cdk-standby:dsql-waits-for-its-peer"
"""The id by which the warning of the first phase is acknowledged."""


class DsqlCluster(Construct):
    """An Aurora DSQL cluster that takes writes in every zone and, with a peer, in two Regions at once.

    Instance or zone loss: nothing happens, no write is lost. Region loss: alone, not survived; with a peer, the other
    Region goes on by itself and no write is lost: only traffic has to move. Loss of the witness's Region: nothing
    stops. A member that is cut off from its peer and the witness cannot commit, so the two never disagree.
    Deletion or corruption: protected and retained; rows come back from backups only, so add a `BackupPlan`.

    A multi-Region cluster is deployed twice in each Region. First with `witness`: both members are made, and wait.
    Then with `peers`: each is told the ARN that the first deployment of the other has printed. Between the two the
    construct warns, and says what to write where.

    There is no password and no user to keep: whoever connects is known to IAM (`grant_connect`, `grant_admin`).
    """

    cluster: dsql.CfnCluster
    key: kms.IKey
    phase: Phase
    """How far a multi-Region cluster is, as far as the options say."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        name: str | None = None,
        witness: str | None = None,
        peers: Mapping[str, str] | None = None,
        region_set_because: str | None = None,
        public_because: str | None = None,
        statements: Sequence[iam.PolicyStatement] = (),
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the cluster.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another database, so keep it.
            key: encrypts the data in this Region; another key replaces nothing. Its policy is extended for DSQL, unless
                it is imported: then its owner must do that.
            name: the Name tag, since DSQL itself knows ids only, and what the members of a multi-Region cluster know
                each other by; left out: the construct's path. Required with `witness`.
            witness: the third Region, that keeps transaction logs and nothing else; left out: the cluster is of one
                Region. The same for both members.
            peers: the ARN of the member in the other Region, by Region, from a committed file; left out: the cluster
                stands alone or, with `witness`, waits for its peer and takes no connection yet.
            region_set_because: why these Regions can be combined although no set that is known here holds them all.
            public_because: why connections need not come from a VPC; otherwise a policy of the cluster denies them, and
                a `DsqlEndpoint` leads to it.
            statements: what else the policy of the cluster says, such as a denial to other organizations; left out:
                nothing.
            deletable_because: why the cluster may be deleted with its stack, in a lab; nothing but backups is left
                then. Otherwise it is protected and retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Conflicts (% of transactions), Timeouts (queries in 5 minutes),
                CommitLatency (milliseconds), Storage (bytes), Connections.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so; also for a member that
                disagrees with one of the same name in the same app
                (https://docs.aws.amazon.com/aurora-dsql/latest/APIReference/API_CreateCluster.html).
        """
        super().__init__(scope, id)
        peers = dict(peers or {})
        member = Member.of(self, name, witness, peers)
        options = {**locals(), **_placed(self, key, alarms)}
        check(
            self,
            RULES,
            options,
            also=[*unknown(self, options), *refused(self, statements), *disagreements(self, member)],
        )
        remember(self, member)
        for option in ("region_set", "public", "deletable"):
            weakened(self, option, options[f"{option}_because"])

        self.key = key
        self.phase = "single-Region" if witness is None else "peered" if peers else "waits for its peer"
        allow_dsql(key)
        self.cluster = dsql.CfnCluster(
            self,
            "Cluster",
            kms_encryption_key=key.key_arn,
            deletion_protection_enabled=deletable_because is None,
            multi_region_properties=_multi_region(witness, peers),
            policy_document=policy(self, statements, public=public_because is not None),
        )
        self.cluster.apply_removal_policy(RemovalPolicy.DESTROY if deletable_because else RemovalPolicy.RETAIN)
        Tags.of(self.cluster).add("Name", _tag(self, name))
        self._is_public = public_because is not None
        if witness is not None:
            self._print_arn()
        self.alarms = add_alarms(
            self, cluster_alarms(self), topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )

    @property
    def cluster_id(self) -> str:
        """What DSQL calls the cluster: 26 letters and digits."""
        return self.cluster.attr_identifier

    @property
    def cluster_arn(self) -> str:
        """For backups, and for the peer."""
        return self.cluster.attr_resource_arn

    @property
    def endpoint(self) -> rds.Endpoint:
        """Where clients connect: the private name, which resolves where a `DsqlEndpoint` is, or the public one."""
        name = self.cluster.attr_endpoint if self._is_public else self.cluster.attr_vpc_endpoint
        return rds.Endpoint(name, facts.PRIVATE.value)

    def private_in(
        self, vpc: ec2.IVpc, *, id: str = "Private", subnets: ec2.SubnetSelection | None = None
    ) -> DsqlEndpoint:
        """Lead from a VPC to the cluster, in the cluster's own stack; `DsqlEndpoint` does it in another.

        Args:
            vpc: as `DsqlEndpoint` takes it.
            id: the endpoint's construct id; another VPC needs another.
            subnets: as `DsqlEndpoint` takes it; left out: the isolated subnets.

        Raises:
            InvalidOptions: the id is taken, or the endpoint cannot stand there.
        """
        if self.node.try_find_child(id) is not None:
            raise InvalidOptions([_taken(self, id)])
        return DsqlEndpoint(self, id, cluster=self, vpc=vpc, subnets=subnets)

    def grant_connect(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody connect as the database roles that were given to their IAM role (``AWS IAM GRANT``)."""
        return self._grant(grantee, "dsql:DbConnect")

    def grant_admin(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody connect as the role ``admin``, that may do everything: for migrations, not for services."""
        return self._grant(grantee, "dsql:DbConnectAdmin")

    def metric(self, name: str, *, statistic: str = "Average", period: Duration | None = None) -> cloudwatch.Metric:
        """A metric of the cluster in this Region, such as ``TotalTransactions``; by the minute."""
        return cloudwatch.Metric(
            namespace="AWS/AuroraDSQL",
            metric_name=name,
            dimensions_map={facts.METRIC_DIMENSION.value: self.cluster_id},
            statistic=statistic,
            period=period or Duration.minutes(1),
        )

    def _grant(self, grantee: iam.IGrantable, action: str) -> iam.Grant:
        return iam.Grant.add_to_principal(grantee=grantee, actions=[action], resource_arns=[self.cluster_arn])

    def _print_arn(self) -> None:
        """For the peer's template; there in both phases, so that it can be looked up for ever."""
        output = CfnOutput(
            self, "Arn", value=self.cluster_arn, description=f"For `peers` of the peer of {self.node.path}"
        )
        if self.phase == "peered":
            return
        stack = Stack.of(self)
        region = "<Region>" if is_token(stack.region) else stack.region
        key = Stack.of(self).resolve(output.logical_id)
        Annotations.of(self).add_warning_v2(
            UNPEERED,
            f"{self.node.path} waits for its peer and takes no connection yet. Deploy both members; then "
            f"`aws cloudformation describe-stacks --region {region} --stack-name {stack.stack_name} --query "
            f"\"Stacks[0].Outputs[?OutputKey=='{key}'].OutputValue\" --output text` prints its ARN. Write it into "
            f"a committed file, give it to the member in the other Region as peers={{'{region}': '<ARN>'}}, give the "
            "other's ARN to this one, and deploy both again.",
        )


def _tag(cluster: Construct, name: str | None) -> str:
    """The name in the characters of tags; a token as it is."""
    return name if name and is_token(name) else tag_value(name or "") or tag_value(cluster.node.path)


def _multi_region(
    witness: str | None, peers: Mapping[str, str]
) -> dsql.CfnCluster.MultiRegionPropertiesProperty | None:
    if witness is None:
        return None
    return dsql.CfnCluster.MultiRegionPropertiesProperty(witness_region=witness, clusters=list(peers.values()) or None)


def _placed(cluster: Construct, key: kms.IKey, alarms: AlarmTopic | None) -> dict[str, Any]:
    """What was given, by path and Region, for the rules: messages show paths."""
    regions = {"key": key.env.region, "alarms": Stack.of(alarms).region if alarms else None}
    paths = {"key": key.node.path, "alarms": alarms.node.path if alarms else None}
    return {"region": Stack.of(cluster).region, "regions": regions, "kind": "cluster", **paths}


def _taken(cluster: Construct, id: str) -> Problem:
    return Problem(
        where=cluster.node.path,
        option="id",
        got=f"'{id}'",
        allowed="another id for each further VPC",
        why="an endpoint leads from one VPC",
        source=facts.PRIVATE.source,
    )
