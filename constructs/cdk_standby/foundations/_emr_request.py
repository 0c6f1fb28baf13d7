"""One cluster, twice: as CloudFormation makes it, and as RunJobFlow takes it when it is launched again elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnTag
from aws_cdk import aws_emr as emr

from cdk_standby_review.facts import emr as facts

from .relaunch_function.relaunch import FAMILY

OWNED = {"for-use-with-amazon-emr-managed-policies": "true"}
"""What AWS's policy for EMR asks of everything that EMR may touch."""
_ON_DEMAND: Mapping[str, Any] = {"AllocationStrategy": "lowest-price"}
_SPOT: Mapping[str, Any] = {
    "AllocationStrategy": "price-capacity-optimized",
    "TimeoutAction": "SWITCH_TO_ON_DEMAND",
    "TimeoutDurationMinutes": 20,
}
"""With a strategy EMR looks for capacity in all subnets before it picks one, and takes up to 30 types."""
_FLEET = emr.CfnCluster.InstanceFleetConfigProperty


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Nodes of one kind, of any of some types; a node counts as one, whatever its size."""

    kind: str
    types: Sequence[str]
    on_demand: int = 0
    spot: int = 0

    @property
    def cfn(self) -> emr.CfnCluster.InstanceFleetConfigProperty:
        """For a template."""
        own = emr.CfnCluster
        each = [own.InstanceTypeConfigProperty(instance_type=one, weighted_capacity=1) for one in self.types]
        spot = own.SpotProvisioningSpecificationProperty(
            allocation_strategy=_SPOT["AllocationStrategy"],
            timeout_action=_SPOT["TimeoutAction"],
            timeout_duration_minutes=_SPOT["TimeoutDurationMinutes"],
        )
        on_demand = own.OnDemandProvisioningSpecificationProperty(allocation_strategy=_ON_DEMAND["AllocationStrategy"])
        return _FLEET(
            name=self.kind.capitalize(),
            instance_type_configs=each,
            launch_specifications=own.InstanceFleetProvisioningSpecificationsProperty(spot_specification=spot)
            if self.spot
            else own.InstanceFleetProvisioningSpecificationsProperty(on_demand_specification=on_demand),
            target_on_demand_capacity=self.on_demand,
            target_spot_capacity=self.spot,
        )

    @property
    def api(self) -> dict[str, Any]:
        """For RunJobFlow."""
        return {
            "Name": self.kind.capitalize(),
            "InstanceFleetType": self.kind,
            "LaunchSpecifications": {"SpotSpecification": _SPOT}
            if self.spot
            else {"OnDemandSpecification": _ON_DEMAND},
            "InstanceTypeConfigs": [{"InstanceType": one, "WeightedCapacity": 1} for one in self.types],
            "TargetOnDemandCapacity": self.on_demand,
            "TargetSpotCapacity": self.spot,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRequest:
    """Everything that makes a cluster."""

    family: str
    name: str
    release: str
    applications: Sequence[str]
    configurations: Mapping[str, Mapping[str, str]]
    fleets: Sequence[Fleet]
    subnets: Sequence[str]
    service_role: str
    instance_profile: str
    security_configuration: str
    log_uri: str
    protected: bool
    groups: Mapping[str, str]
    """The security groups by the property that they belong to."""

    @property
    def tags(self) -> dict[str, str]:
        """By which EMR's policy, and whoever launches it again, know the cluster."""
        return {**OWNED, FAMILY: self.family}

    def cfn(self) -> dict[str, Any]:
        """The properties of the resource."""
        own = emr.CfnCluster
        by_kind = {fleet.kind: fleet.cfn for fleet in self.fleets}
        return {
            "name": self.name,
            "release_label": self.release,
            "applications": [own.ApplicationProperty(name=name) for name in self.applications],
            "configurations": [
                own.ConfigurationProperty(classification=of, configuration_properties=dict(values))
                for of, values in self.configurations.items()
            ]
            or None,
            "instances": own.JobFlowInstancesConfigProperty(
                master_instance_fleet=by_kind["MASTER"],
                core_instance_fleet=by_kind["CORE"],
                task_instance_fleets=[by_kind["TASK"]] if "TASK" in by_kind else None,
                ec2_subnet_ids=list(self.subnets),
                keep_job_flow_alive_when_no_steps=True,
                termination_protected=self.protected,
                unhealthy_node_replacement=True,
                emr_managed_master_security_group=self.groups["EmrManagedMasterSecurityGroup"],
                emr_managed_slave_security_group=self.groups["EmrManagedSlaveSecurityGroup"],
                service_access_security_group=self.groups["ServiceAccessSecurityGroup"],
            ),
            "placement_group_configs": [
                own.PlacementGroupConfigProperty(instance_role="MASTER", placement_strategy="SPREAD")
            ],
            "service_role": self.service_role,
            "job_flow_role": self.instance_profile,
            "security_configuration": self.security_configuration,
            "log_uri": self.log_uri,
            "visible_to_all_users": True,
            "tags": [CfnTag(key=key, value=value) for key, value in self.tags.items()],
        }

    def api(self) -> dict[str, Any]:
        """The same for RunJobFlow."""
        return {
            "Name": self.name,
            "ReleaseLabel": self.release,
            "Applications": [{"Name": name} for name in self.applications],
            "Configurations": [
                {"Classification": of, "Properties": dict(values)} for of, values in self.configurations.items()
            ],
            "Instances": {
                "InstanceFleets": [fleet.api for fleet in self.fleets],
                "Ec2SubnetIds": list(self.subnets),
                "KeepJobFlowAliveWhenNoSteps": True,
                "TerminationProtected": self.protected,
                "UnhealthyNodeReplacement": True,
                **self.groups,
            },
            "PlacementGroupConfigs": [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}],
            "ServiceRole": self.service_role,
            "JobFlowRole": self.instance_profile,
            "SecurityConfiguration": self.security_configuration,
            "LogUri": self.log_uri,
            "VisibleToAllUsers": True,
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
        }


def fleets(primaries: Sequence[str], cores: Sequence[str], core: int, spot: int) -> list[Fleet]:
    """Three primary nodes and the core nodes On-Demand; task nodes, which hold nothing, on Spot."""
    made = [
        Fleet(kind="MASTER", types=primaries, on_demand=facts.PRIMARIES.value),
        Fleet(kind="CORE", types=cores, on_demand=core),
    ]
    return [*made, Fleet(kind="TASK", types=cores, spot=spot)] if spot else made
