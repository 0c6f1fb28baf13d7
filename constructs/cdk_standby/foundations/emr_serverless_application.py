"""EMR without a cluster: jobs over several zones."""

from __future__ import annotations

from typing import Any, Literal

import jsii
from aws_cdk import Aws, Duration, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_emrserverless as serverless
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from .._checks import check
from .._reasons import weakened
from .._roles import service
from ..alarm_topic import AlarmTopic
from ..relational._place import Place
from ._emr_parts import grant_objects, own_policy
from ._emr_rules import APPLICATION
from .emr_cluster import given

__all__ = ["EmrServerlessApplication"]

_GIGABYTES_PER_VCPU = 8


@jsii.implements(ec2.IConnectable)
class EmrServerlessApplication(Construct):
    """A Spark or Hive application of EMR Serverless, whose jobs run in any zone of its subnets.

    Zone loss: survived; jobs that ran in the lost zone fail, and start anew in another zone when they have a retry
    policy. Streaming jobs have one; **batch jobs are repeated only when they are started with more attempts than one**.
    It holds no data: that is in S3. Region loss: not survived; an application in the other Region runs the same jobs on
    a bucket that replicates.

    It starts by itself with a job, stops by itself when it is idle, and costs nothing then.
    """

    application: serverless.CfnApplication
    role: iam.Role
    """What jobs may do: start them with it, and grant to it."""
    security_group: ec2.SecurityGroup

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        data: s3.IBucket,
        release: str,
        old_release_because: str | None = None,
        engine: Literal["SPARK", "HIVE"] = "SPARK",
        name: str | None = None,
        architecture: Literal["ARM64", "X86_64"] = "ARM64",
        most_vcpus: int = 400,
        idle: Duration | None = None,
        subnets: ec2.SubnetSelection | None = None,
        alarms: AlarmTopic | None = None,
    ) -> None:
        """Build the application.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with subnets in two zones or more.
            data: the bucket that jobs read and write.
            release: such as ``"emr-7.10.0"``.
            old_release_because: why a release before 7.1.0 is enough, which repeats no job.
            engine: ``"SPARK"`` or ``"HIVE"``; left out: Spark. Another one replaces the
                application, which holds nothing.
            name: shown by EMR; left out: CloudFormation names it. Another one replaces the application.
            architecture: of the workers, ``"ARM64"`` or ``"X86_64"``; left out: ARM64.
            most_vcpus: of all jobs together, 1 to 1000000, with 8 GB of memory each; left out: 400.
            idle: after how long without jobs it stops, 1 minute to 7 days; left out: 15 minutes.
            subnets: where workers run; left out: the private ones with a way out.
            alarms: who is told of jobs that failed; left out: nobody is.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/vpc-access.html).
        """
        super().__init__(scope, id)
        chosen = subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        place = Place.of(self, vpc, chosen)
        options: dict[str, Any] = {**locals(), **given(self, vpc, None, alarms), "number_of_zones": len(place.zones)}
        check(self, APPLICATION, options)
        weakened(self, "old_release", old_release_because)
        self.security_group = ec2.SecurityGroup(self, "SecurityGroup", vpc=vpc, description=f"Jobs of {self.node.path}")
        Tags.of(self.security_group).add("Name", self.node.path)
        own = serverless.CfnApplication
        self.application = own(
            self,
            "Application",
            name=name,
            type=engine,
            release_label=release,
            architecture=architecture,
            maximum_capacity=own.MaximumAllowedResourcesProperty(
                cpu=f"{most_vcpus} vCPU", memory=f"{_GIGABYTES_PER_VCPU * most_vcpus} GB"
            ),
            auto_start_configuration=own.AutoStartConfigurationProperty(enabled=True),
            auto_stop_configuration=own.AutoStopConfigurationProperty(
                enabled=True, idle_timeout_minutes=(idle or Duration.minutes(15)).to_minutes()
            ),
            network_configuration=own.NetworkConfigurationProperty(
                subnet_ids=list(place.subnets), security_group_ids=[self.security_group.security_group_id]
            ),
        )
        self.role = self._role(data)
        if alarms is not None:
            alarms.notify_of(self._failures())

    @property
    def connections(self) -> ec2.Connections:
        """What jobs may reach: they are let in by the other side."""
        return ec2.Connections(security_groups=[self.security_group])

    @property
    def application_id(self) -> str:
        """By which jobs are started."""
        return self.application.attr_application_id

    def grant_start(self, grantee: iam.IGrantable) -> None:
        """Let somebody start and stop jobs of this application, with its role."""
        arn = self.application.attr_arn
        jobs = ["StartJobRun", "GetJobRun", "ListJobRuns", "CancelJobRun", "GetApplication", "StartApplication"]
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=[f"emr-serverless:{action}" for action in jobs],
            resource_arns=[arn, f"{arn}/jobruns/*"],
        )
        self.role.grant_pass_role(grantee.grant_principal)

    def _role(self, data: s3.IBucket) -> iam.Role:
        mine = {
            "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
            "ArnLike": {"aws:SourceArn": self.application.attr_arn},
        }
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.PrincipalWithConditions(service("emr-serverless"), mine),
            description=f"Jobs of {self.node.path}",
        )
        grant_objects(data, role)
        own_policy(role)
        return role

    def _failures(self) -> events.Rule:
        return events.Rule(
            self,
            "Failed",
            description=f"Jobs of {self.node.path} that failed",
            event_pattern=events.EventPattern(
                source=["aws.emr-serverless"],
                detail_type=["EMR Serverless Job Run State Change"],
                detail={"applicationId": [self.application_id], "state": ["FAILED"]},
            ),
        )
