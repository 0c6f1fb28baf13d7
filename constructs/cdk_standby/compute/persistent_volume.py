"""A volume that outlives its instance: a group of one in one zone, and the disk handed to each replacement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from .._service_launch import instance_role, launch_template
from ..alarm_topic import AlarmTopic
from ..images._copies import SnapshotCopy
from ..images._dlm_values import SnapshotSchedule
from ..images._private import private_subnets
from ..images.volume_snapshots import VolumeSnapshots
from ..relational._operated import unknown_at_synth
from ..relational._place import placed
from . import _persistent_volume_parts as parts
from ._persistent_volume_mount import mount_script
from ._persistent_volume_rules import RULES

__all__ = ["PersistentVolume", "SnapshotCopy", "SnapshotSchedule"]


@jsii.implements(ec2.IConnectable, iam.IGrantable)
class PersistentVolume(Construct):
    """Software that keeps its data on one disk, on one instance that is replaced while the disk stays.

    Instance loss: the group launches another one in the same zone, which gets the volume before it is in service, in
    minutes; nothing that had reached the disk is lost. Zone loss: not survived. The volume stands in that zone only;
    build another one from the newest snapshot in another zone (`snapshot`), and lose what was written since, up to
    the interval of the snapshots and an hour. Region loss: the same from a copy, in the other Region. Deletion of data:
    any snapshot that is kept.

    For what can replicate itself, or keep its data in a database, a file system or a bucket, those are better:
    they survive the loss of a zone by themselves.
    """

    volume: ec2.CfnVolume
    group: autoscaling.AutoScalingGroup
    launch_template: ec2.LaunchTemplate
    user_data: ec2.UserData
    """Runs after the volume is mounted."""
    role: iam.IRole
    """Of the instance."""
    attach: lambda_.Function
    """Hands the volume over."""
    snapshots: VolumeSnapshots | None
    alarms: dict[str, cloudwatch.Alarm]
    zone: str
    rpo: Duration | None
    """What the loss of the zone costs at most; None: everything, or a schedule that is not understood."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        zone: str,
        key: kms.IKey,
        size_gib: int,
        copies: Sequence[SnapshotCopy] = (),
        one_region_because: str | None = None,
        snapshot: str | None = None,
        mount: str = "/data",
        commands: Sequence[str] = (),
        image: ec2.IMachineImage | None = None,
        instance_type: str = "m7g.large",
        volume_type: str = "gp3",
        iops: int | None = None,
        throughput: int | None = None,
        root_gib: int = 20,
        subnets: ec2.SubnetSelection | None = None,
        boot_time: Duration | None = None,
        schedules: Sequence[SnapshotSchedule] | None = None,
        no_snapshots_because: str | None = None,
        paused_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build volume and group.

        Args:
            scope: the parent.
            id: unique among the parent's children; another id is another, empty volume.
            vpc: any VPC with a private subnet in the zone.
            zone: where volume and instance stand, such as ``"eu-west-1a"``. It cannot be changed: CloudFormation
                refuses. For another zone build another one from a `snapshot`.
            key: encrypts the volume, the root volume and the function's logs; its policy is extended for Auto Scaling
                and CloudWatch Logs, unless it is imported. It cannot be changed: CloudFormation refuses.
            size_gib: of the volume; it can be raised and never lowered. The file system follows with the next instance.
            copies: other Regions that get the snapshots, each with the ARN of a key there. Required, unless
                `one_region_because` or `no_snapshots_because` is given.
            one_region_because: why the loss of this Region may take all data along.
            snapshot: the id of a snapshot, here, that the volume is made from; keep it here as long as the volume
                lives: CloudFormation refuses another one, and none. Left out: a blank volume, formatted as XFS once.
            mount: where it is mounted; left out: ``/data``.
            commands: what the instance does when it is mounted, at its first boot; left out: nothing, `user_data` is
                open for more.
            image: what it boots, with systemd, blkid and the tools of XFS; left out: Amazon Linux 2023.
            instance_type: of the Nitro system, with a size that the zone has; left out: m7g.large.
            volume_type: ``"gp3"`` or ``"io2"``; left out: gp3.
            iops: operations a second; left out: 3000 with gp3. Required with io2.
            throughput: MiB a second, with gp3; left out: 125.
            root_gib: size of the root volume in GiB, which goes with each instance; left out: 20.
            subnets: where the instance runs, all in the zone; left out: the zone's private subnets with a way out.
            boot_time: from launch until it serves: grace of health checks; left out: 5 minutes.
            schedules: of snapshots; left out: hourly, 48 of them kept and copied, and daily for 35 days.
            no_snapshots_because: why the loss of the zone may take all data along.
            paused_because: why no instance runs, while the volume stays: after a restore in another zone, so that the
                return of this one does not start a second writer.
            log_retention: of the function; left out: three months.
            deletable_because: why the volume may go with its stack, leaving a snapshot; otherwise it is retained.
            alarms: who is told; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: NotInService (fewer instances), AttachErrors (in five
                minutes), VolumeStalled. Those of snapshots are changed on `snapshots`.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-volume.html).
        """
        super().__init__(scope, id)
        boot_time = boot_time or Duration.minutes(5)
        late = unknown_at_synth(self, zone=zone, mount=mount, volume_type=volume_type, instance_type=instance_type)
        options = {**locals(), **placed(self, vpc, key, alarms), "region": Stack.of(self).region, "kind": "volume"}
        check(self, RULES, options, also=late)
        found = private_subnets(self, vpc, subnets, zone=zone)
        for option in ("one_region", "no_snapshots", "paused", "deletable"):
            weakened(self, option, options[f"{option}_because"])

        self.zone = zone
        self.volume = parts.disk(
            self,
            zone=zone,
            key=key,
            size_gib=size_gib,
            volume_type=volume_type,
            iops=iops,
            throughput=throughput,
            snapshot=snapshot,
            deletable=deletable_because is not None,
        )
        self.user_data = ec2.UserData.for_linux()
        self.user_data.add_commands(mount_script(self.volume.ref, mount, restored=snapshot is not None), *commands)
        self.role = instance_role(self)
        self.launch_template = launch_template(
            self,
            vpc=vpc,
            role=self.role,
            image=image,
            instance_type=instance_type,
            user_data=self.user_data,
            volume_gib=root_gib,
            key=key,
        )
        self.attach, launched = parts.attaching(self, self.volume, key, log_retention)
        self.group = parts.group_of_one(
            self,
            vpc=vpc,
            subnets=ec2.SubnetSelection(subnets=found.subnets),
            template=self.launch_template,
            boot_time=boot_time,
            paused=paused_because is not None,
        )
        self.group.node.add_dependency(self.attach, launched)  # who launches first is heard by nobody
        self.snapshots = None
        if no_snapshots_because is None:
            self.snapshots = self._snapshots(
                schedules=schedules, key=key, copies=copies, one_region_because=one_region_because, alarms=alarms
            )
        self.rpo = self.snapshots.rpo if self.snapshots else None
        specs = parts.alarms(self.group, self.volume, self.attach, paused=paused_because is not None)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def connections(self) -> ec2.Connections:
        """The instance: nobody reaches it until let in here."""
        return self.group.connections

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The role of the instance."""
        return self.role

    def _snapshots(
        self,
        *,
        schedules: Sequence[SnapshotSchedule] | None,
        key: kms.IKey,
        copies: Sequence[SnapshotCopy],
        one_region_because: str | None,
        alarms: AlarmTopic | None,
    ) -> VolumeSnapshots:
        return VolumeSnapshots(
            self,
            "Snapshots",
            tags={parts.TAG: parts.tag_of(self)},
            key=key,
            schedules=schedules,
            copies=copies,
            one_region_because=one_region_because,
            alarms=alarms,
        )
