"""Machine images with all software in them, built by a pipeline and handed out to every Region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jsii
from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_imagebuilder as builder
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_standby_review.facts import images as facts

from .._alarms import add_alarms
from .._checks import InvalidOptions, Problem, check, shown
from .._reasons import weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from ..relational._operated import unknown_at_synth
from ..relational._place import placed
from . import _golden_guard as watch
from . import _golden_parts as parts
from . import _golden_roles as roles
from ._copies import ImageCopy
from ._golden_rules import RULES, problems
from ._image_values import ImageComponent, allow_launches, golden_image, parameter_of
from ._private import private_subnets

__all__ = ["GoldenImage", "ImageComponent", "ImageCopy", "allow_launches", "golden_image"]


@jsii.implements(ec2.IConnectable)
class GoldenImage(Construct):
    """A Linux machine image that a pipeline builds, tests and copies to each recovery Region, with the key there.

    Instance or zone loss: instances start from the image, with all software in it. Region loss: each other Region
    starts from its own copy, named by a parameter of its own; nothing there reads this Region. Only new builds wait
    until it is back. A build that fails, in whatever zone, leaves the last good image in use everywhere.

    The first image is there when the pipeline ran once: start it after the first deployment.
    """

    pipeline: builder.CfnImagePipeline
    recipe: builder.CfnImageRecipe
    place: builder.CfnInfrastructureConfiguration
    distribution: builder.CfnDistributionConfiguration
    lifecycle: builder.CfnLifecyclePolicy
    build_role: iam.Role
    """Of the instances that are built on: grant it what a build has to read."""
    execution_role: iam.Role
    rules: list[events.Rule]
    guard: lambda_.Function | None
    """Protects the newest images from deregistration."""
    image_name: str
    parameter_name: str
    """The SSM parameter that names the newest image, in each Region its own."""
    regions: tuple[str, ...]
    """Where the image is."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc: ec2.IVpc,
        key: kms.IKey,
        components: Sequence[ImageComponent | str],
        version: str = "1.0.0",
        parent_image: str = "amazon-linux-2023-arm64",
        recovery: Sequence[ImageCopy] = (),
        one_region_because: str | None = None,
        instance_types: Sequence[str] = ("m7g.large",),
        subnets: ec2.SubnetSelection | None = None,
        volume_gib: int = 20,
        root_device: str = "/dev/xvda",
        schedule: str | None = "cron(0 3 ? * sun *)",
        only_with_updates: bool = True,
        untested_because: str | None = None,
        unscanned_because: str | None = None,
        target_accounts: Sequence[str] = (),
        launch_template: ec2.ILaunchTemplate | None = None,
        keep: int | None = None,
        delete_after: Duration | None = None,
        deprecate_after: Duration | None = None,
        keep_at_least: int = 3,
        launched_within: Duration | None = None,
        never_delete: Mapping[str, str] | None = None,
        protected: int = 2,
        unprotected_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the pipeline.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            name: of the image in every Region, in the parameter ``/cdk-standby/<name>/image`` and in all parts of the
                pipeline. Another name is another pipeline, and other images.
            vpc: where it is built; instances of the build have to reach Systems Manager and what they install.
            key: encrypts the image in this Region, and the logs; its policy is extended for CloudWatch Logs and for
                Auto Scaling, which starts instances from the image, unless it is imported.
            components: what is done to the parent image, in this order: documents, or the names of components that AWS
                keeps, such as ``"update-linux"``, or ARNs.
            version: three numbers; raise it with every change of what is in the image, since Image Builder never
                changes a recipe. A deployment that forgets it fails, and changes nothing. Left out: 1.0.0.
            parent_image: the name of an image that AWS keeps, always its newest; an ARN, an AMI id, or
                ``ssm:<parameter>``. Left out: Amazon Linux 2023 for Arm.
            recovery: the other Regions that get every image, each with its key there, whose policy has to let Auto
                Scaling use it (`allow_launches`). Required, unless `one_region_because` is given.
            one_region_because: why no other Region ever starts from this image.
            instance_types: for builds and tests, of the parent's architecture; left out: m7g.large.
            subnets: where builds run, in the first of these; left out: the private subnets with a way out.
            volume_gib: size of the root volume in GiB; left out: 20.
            root_device: what the parent image calls its root volume; left out: ``/dev/xvda``, as Amazon Linux does.
            schedule: when a build is considered, in UTC; left out: Sundays at 03:00. None: somebody starts it.
            only_with_updates: False builds at every time of the schedule; left out: only when the parent image or a
                component has a newer version.
            untested_because: why images are handed out without tests.
            unscanned_because: why Amazon Inspector does not look at images; otherwise it has to be activated here.
            target_accounts: other accounts that get a copy of their own in each Region, and a parameter; each has the
                role that Image Builder asks for, and may write it. Left out: this account only.
            launch_template: in this Region, gets a new default version with every image; left out: none.
            keep: how many images are kept, 1 to 1000; left out: they are kept by age.
            delete_after: age in whole days at which images are deleted, with their snapshots; left out: 365 days.
            deprecate_after: age in whole days from which images are no longer offered; left out: 90 days, or none where
                that is not before `delete_after`.
            keep_at_least: the newest images that stay however old they are, 1 to 10; left out: 3.
            launched_within: an image from which an instance was launched within these whole days, 1 to 365, is not
                deleted; left out: 90 days. An instance that runs longer than that cannot be replaced by the like of
                itself, unless it is among the newest.
            never_delete: images with any of these tags stay; left out: all take part.
            protected: the newest images of this account in each Region that nobody can deregister, at most as many as
                stay anyway; left out: 2.
            unprotected_because: why anybody who may can deregister the newest images too.
            log_retention: of builds; left out: three months.
            alarms: who is told of builds that fail, and of a pipeline that was disabled for it; left out: nobody.
            alarm_thresholds: other thresholds by name: GuardErrors (in five minutes).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImagePipeline.html).
        """
        super().__init__(scope, id)
        region = Stack.of(self).region
        never_delete, launched_within = never_delete or {}, launched_within or Duration.days(90)
        found = [
            *problems(self.node.path, name, components, recovery, region),
            *unknown_at_synth(self, version=version, parent_image=parent_image, keep=keep, protected=protected),
        ]
        options = {**locals(), **placed(self, vpc, key, alarms), "kind": "pipeline"}
        check(self, RULES, options, also=found)
        for option in ("one_region", "untested", "unscanned", "unprotected"):
            weakened(self, option, options[f"{option}_because"])
        [subnet, *_] = private_subnets(self, vpc, subnets).subnet_ids
        delete_after = delete_after or Duration.days(365)
        if deprecate_after is None and (keep is not None or delete_after.to_days() > _DEPRECATED):
            deprecate_after = Duration.days(_DEPRECATED)

        allow_launches(key)
        self.image_name, self.parameter_name = name, parameter_of(name)
        self.regions = (region, *(copy.region for copy in recovery))
        self.build_role, profile = roles.build_profile(self)
        self.recipe = parts.recipe(
            self,
            name=name,
            version=version,
            parent_image=parent_image,
            components=components,
            volume_gib=volume_gib,
            root_device=root_device,
            key=key,
        )
        self.place, self._security_group = parts.place(
            self, name=name, vpc=vpc, subnet=subnet, instance_types=instance_types, profile=profile
        )
        template = launch_template.launch_template_id if launch_template else None
        self.distribution = parts.distribution(
            self, name=name, recovery=recovery, accounts=target_accounts, key=key, template=template
        )
        self.execution_role = roles.execution_role(
            self,
            build=self.build_role,
            key=key,
            recovery=recovery,
            parameters=roles.parameter_arns(self.parameter_name, self.regions),
            templates=roles.template_arns(region, template, recovery),
            accounts=target_accounts,
        )
        groups = parts.log_groups(self, name, key, log_retention)
        self.pipeline = self._pipeline(
            groups,
            schedule=schedule,
            only_with_updates=only_with_updates,
            tested=untested_because is None,
            scanned=unscanned_because is None and untested_because is None,
        )
        self.lifecycle = parts.lifecycle(
            self,
            name=name,
            role=roles.lifecycle_role(self),
            keep=keep,
            keep_at_least=keep_at_least,
            delete_after=delete_after,
            deprecate_after=deprecate_after,
            launched_within=launched_within,
            never=never_delete,
        )
        self.rules = watch.tell_of_builds(self, name, alarms)
        self.guard = None if unprotected_because is not None else self._guard(protected, key, log_retention)
        specs = watch.guard_alarms(self.guard) if self.guard else ()
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    @property
    def connections(self) -> ec2.Connections:
        """The instances of builds: nobody reaches them, and they may call everybody."""
        return ec2.Connections(security_groups=[self._security_group])

    def image_for(self, region: str, *, at_launch: bool = False) -> ec2.IMachineImage:
        """The newest image, for what is built in that Region: it reads that Region's own parameter, and no other.

        Args:
            region: of the stack that launches instances.
            at_launch: as in `golden_image`. True where nothing is launched or deployed for as long as images are kept,
                as in a pilot light: the image that its launch template names would be deleted.

        Raises:
            InvalidOptions: the image does not go to that Region.
        """
        if region not in self.regions and not is_token(region):
            problem = Problem(
                where=self.node.path,
                option="region",
                got=shown(region),
                allowed=", ".join(self.regions),
                why="the image goes to these Regions only",
                source=facts.SOURCE_KEY.source,
            )
            raise InvalidOptions([problem])
        return golden_image(self.image_name, at_launch=at_launch)

    def _pipeline(
        self,
        groups: Sequence[logs.LogGroup],
        *,
        schedule: str | None,
        only_with_updates: bool,
        tested: bool,
        scanned: bool,
    ) -> builder.CfnImagePipeline:
        pipeline = builder.CfnImagePipeline
        starts = "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE" if only_with_updates else "EXPRESSION_MATCH_ONLY"
        return pipeline(
            self,
            "Pipeline",
            name=self.image_name,
            image_recipe_arn=self.recipe.attr_arn,
            infrastructure_configuration_arn=self.place.attr_arn,
            distribution_configuration_arn=self.distribution.attr_arn,
            execution_role=self.execution_role.role_arn,
            enhanced_image_metadata_enabled=True,
            image_tests_configuration=pipeline.ImageTestsConfigurationProperty(image_tests_enabled=tested),
            image_scanning_configuration=pipeline.ImageScanningConfigurationProperty(image_scanning_enabled=scanned),
            image_tags={parts.IMAGE_TAG: self.image_name},
            logging_configuration=pipeline.PipelineLoggingConfigurationProperty(
                image_log_group_name=groups[0].log_group_name, pipeline_log_group_name=groups[1].log_group_name
            ),
            schedule=pipeline.ScheduleProperty(schedule_expression=schedule, pipeline_execution_start_condition=starts)
            if schedule is not None
            else None,
            status="ENABLED",
        )

    def _guard(self, protected: int, key: kms.IKey, retention: logs.RetentionDays) -> lambda_.Function:
        name, regions = self.image_name, self.regions
        return watch.guard(self, name=name, regions=regions, protected=protected, key=key, retention=retention)


_DEPRECATED = 90
