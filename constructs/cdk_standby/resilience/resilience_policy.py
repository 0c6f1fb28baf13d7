"""Objectives, told to AWS Resilience Hub."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_resiliencehub as hub
from aws_cdk import aws_resiliencehubv2 as hub2
from constructs import Construct

from cdk_standby_review.facts import region_switch as facts
from cdk_standby_review.objectives import Objectives, Recovery

from .._checks import Options, Rule, check, one_of
from .._regions import unknown_region
from .._roles import service
from ..relational._operated import unknown_at_synth
from ..relational._parts import accept

APPROACHES = ("ACTIVE_ACTIVE", "HOT_STANDBY", "WARM_STANDBY", "PILOT_LIGHT", "BACKUP_AND_RESTORE")
TIERS = ("MissionCritical", "Critical", "Important", "CoreServices", "NonCritical")
READER = "AWSResilienceHubV2AssessmentExecutionPolicy"
_READER_IS_WIDE = (
    "AWS keeps it in step with what an assessment reads, and it only reads "
    "(https://docs.aws.amazon.com/resilience-hub/latest/userguide/next-gen-security-iam-awsmanpol.html)"
)


class ResiliencePolicy(Construct):
    """What was promised, as policies of AWS Resilience Hub, and the workload that it assesses against them.

    It survives nothing and saves nothing: it holds what is deployed against what was promised, as `Objectives` do at
    synth. Assessments are started by somebody, and cost money each; their findings are texts to be verified.

    The next generation knows whole minutes: seconds are rounded up. The classic policy keeps them, and is made when
    the loss of a zone and of data are both promised, which it cannot do without; the loss of an instance is promised
    with that of its zone.
    """

    policy: hub2.CfnPolicy
    classic: hub.CfnResiliencyPolicy | None
    """None where it would have to promise what nobody did."""
    service: hub2.CfnService | None
    role: iam.Role | None
    """By which Resilience Hub reads the workload."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        objectives: Objectives,
        approach: str | None = None,
        availability: float | None = None,
        tier: str = "MissionCritical",
        regions: Sequence[str] = (),
        tags: Mapping[str, str] | None = None,
        assertions: Sequence[str] = (),
        key: kms.IKey | None = None,
    ) -> None:
        """Make the policies, and the service that is held against them.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            name: of policies and service, 2 to 60 letters, digits, ``_`` and ``-``. Create-only.
            objectives: what was promised, per fault.
            approach: how another Region takes over: ACTIVE_ACTIVE, HOT_STANDBY, WARM_STANDBY, PILOT_LIGHT or
                BACKUP_AND_RESTORE; left out: Resilience Hub is not told.
            availability: percent of the time that the workload answers; left out: not promised.
            tier: of the classic policy, which only sorts it.
            regions: where the workload is, one to ten; left out: there are policies only, and no service.
            tags: by which Resilience Hub finds the workload's resources in those Regions; left out: there are policies
                only, and no service.
            assertions: what no template shows, such as which writes are lost with a Region, up to 20; left out: none.
            key: encrypts what Resilience Hub keeps; left out: a key of AWS. Create-only.

        Raises:
            InvalidOptions: nothing is promised, or more than the scope can reach
                (https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/availability.html).
        """
        super().__init__(scope, id)
        given: dict[str, Any] = {**locals(), "regions": [*regions], "assertions": [*assertions]}
        unknown = [unknown_region(self.node.path, "regions", region) for region in regions]
        check(self, RULES, given, also=[*(found for found in unknown if found), *unknown_at_synth(self, name=name)])

        key_id = key.key_arn if key else None
        self.policy = hub2.CfnPolicy(
            self,
            "Policy",
            name=name,
            description=f"What was promised for {name}",
            kms_key_id=key_id,
            availability_slo=_answers(availability),
            **_next_generation(objectives, approach),
        )
        self.classic = _classic(self, name, tier, objectives)
        self.role, self.service = None, None
        if regions and tags:
            self.role = _reader(self)
            self.service = hub2.CfnService(
                self,
                "Service",
                name=name,
                regions=[*regions],
                policy_arn=self.policy.attr_policy_arn,
                kms_key_id=key_id,
                permission_model=hub2.CfnService.PermissionModelProperty(invoker_role_name=self.role.role_name),
                input_sources=[_found_by(tags)],
                assertions=[hub2.CfnService.AssertionDefinitionProperty(text=text) for text in assertions] or None,
            )


def _answers(percent: float | None) -> hub2.CfnPolicy.AvailabilitySloProperty | None:
    return None if percent is None else hub2.CfnPolicy.AvailabilitySloProperty(target=percent)


def _next_generation(objectives: Objectives, approach: str | None) -> dict[str, Any]:
    promised: dict[str, Any] = {}
    policy = hub2.CfnPolicy
    if (zone := objectives.zone) is not None:
        rto, rpo = _minutes(zone.rto), _minutes(zone.rpo)
        promised["multi_az"] = policy.MultiAzTargetsProperty(rto_in_minutes=rto, rpo_in_minutes=rpo)
    if (region := objectives.region) is not None:
        promised["multi_region"] = policy.MultiRegionTargetsProperty(
            rto_in_minutes=_minutes(region.rto),
            rpo_in_minutes=_minutes(region.rpo),
            disaster_recovery_approach=approach,
        )
    if (deletion := objectives.deletion) is not None:
        between = policy.DataRecoveryTargetsProperty(time_between_backups_in_minutes=_minutes(deletion.rpo))
        promised["data_recovery"] = between
    return promised


def _classic(scope: Construct, name: str, tier: str, objectives: Objectives) -> hub.CfnResiliencyPolicy | None:
    if objectives.zone is None or objectives.deletion is None:
        return None
    promised = {"AZ": objectives.zone, "Hardware": objectives.instance or objectives.zone}
    promised |= {"Software": objectives.deletion}
    promised |= {"Region": objectives.region} if objectives.region else {}
    return hub.CfnResiliencyPolicy(
        scope,
        "Classic",
        policy_name=name,
        tier=tier,
        policy={fault: _seconds(promise) for fault, promise in promised.items()},
    )


def _seconds(promise: Recovery) -> hub.CfnResiliencyPolicy.FailurePolicyProperty:
    rto, rpo = math.ceil(promise.rto.total_seconds()), math.ceil(promise.rpo.total_seconds())
    return hub.CfnResiliencyPolicy.FailurePolicyProperty(rto_in_secs=rto, rpo_in_secs=rpo)


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)


def _reader(scope: Construct) -> iam.Role:
    reads = iam.ManagedPolicy.from_aws_managed_policy_name(READER)
    role = iam.Role(scope, "Reader", assumed_by=service("resiliencehub"), managed_policies=[reads])
    accept(
        role, _READER_IS_WIDE, f"AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{READER}]"
    )
    return role


def _found_by(tags: Mapping[str, str]) -> hub2.CfnService.InputSourceDefinitionProperty:
    found = [hub2.CfnService.ResourceTagProperty(key=key, values=[value]) for key, value in tags.items()]
    configured = hub2.CfnService.ResourceConfigurationProperty(resource_tags=found)
    return hub2.CfnService.InputSourceDefinitionProperty(resource_configuration=configured)


def _unreachable(options: Options) -> bool:
    promised: Objectives = options["objectives"]
    wanted = options["availability"]
    return wanted is not None and wanted > facts.HUB_AVAILABILITY.value and promised.region is None


RULES = (
    Rule(
        option="name",
        broken=lambda o: re.fullmatch(facts.HUB_NAME.value, o["name"]) is None,
        allowed="2 to 60 letters, digits, '_' and '-', starting with a letter or digit",
        why=facts.HUB_NAME.says,
        source=facts.HUB_NAME.source,
    ),
    Rule(
        option="objectives",
        broken=lambda o: o["objectives"].zone is None and o["objectives"].region is None,
        allowed="a promise for the loss of a zone, or of a Region",
        why="a policy without one promises nothing",
    ),
    one_of(
        "approach",
        APPROACHES,
        why="Resilience Hub knows these strategies",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-resiliencehubv2-policy.html",
    ),
    Rule(
        option="approach",
        reads=("objectives",),
        broken=lambda o: o["approach"] in APPROACHES and o["objectives"].region is None,
        allowed="left out, or with a promise for the loss of a Region",
        why="it says how another Region takes over",
    ),
    one_of(
        "tier",
        TIERS,
        why="Resilience Hub sorts policies by these",
        source=facts.HUB_NAME.source,
    ),
    Rule(
        option="availability",
        broken=lambda o: o["availability"] is not None and not 0 < o["availability"] < 100,
        allowed="more than 0 and less than 100 percent",
        why="nothing answers all the time",
        source=facts.HUB_AVAILABILITY.source,
    ),
    Rule(
        option="availability",
        broken=_unreachable,
        allowed=f"up to {facts.HUB_AVAILABILITY.value}, or a promise for the loss of a Region",
        why=facts.HUB_AVAILABILITY.says,
        source=facts.HUB_AVAILABILITY.source,
    ),
    Rule(
        option="regions",
        broken=lambda o: len(o["regions"]) > facts.HUB_REGIONS.value.high,
        allowed="up to 10 Regions",
        why=facts.HUB_REGIONS.says,
        source=facts.HUB_REGIONS.source,
    ),
    Rule(
        option="tags",
        reads=("regions",),
        broken=lambda o: bool(o["tags"]) != bool(o["regions"]),
        allowed="together with 'regions', or neither",
        why="resources are found by their tags, Region by Region",
        source=facts.HUB_REGIONS.source,
    ),
    Rule(
        option="assertions",
        reads=("regions",),
        broken=lambda o: len(o["assertions"]) > 20 or any(not 0 < len(text) <= 1000 for text in o["assertions"]),
        allowed="up to 20 texts of 1 to 1000 characters",
        why="a service of Resilience Hub takes no more",
        source=facts.HUB_REGIONS.source,
    ),
)
