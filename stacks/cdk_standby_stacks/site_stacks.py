"""The stacks of a site, and the two that belong to none. They share nothing but names and the site value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ssm as ssm

from cdk_standby import (
    AcceleratedZone,
    AlarmTopic,
    DataKey,
    GlobalAurora,
    LockedVault,
    Network,
    RegionalRecord,
    TrafficSwitch,
)

from .sites import Site
from .tiers import AuroraMysql, AuroraPostgres, Layer
from .vault_parts import protect_backups

if TYPE_CHECKING:
    from cdk_standby_runbooks.plan import Plan

    from .deployment import Deployment

FACTS = "cdk-standby"
"""The key of the template's `Metadata` that tells the review what a stack is part of."""

ROUTE_53_HOME = "us-east-1"
"""Where Route 53's control plane and the metrics of its health checks live."""


class SiteStack(cdk.Stack):
    """A stack of a deployment: bound to an account and a Region, marked for the review.

    References between stacks of one Region are weak: removing one never blocks on another's update.
    Between Regions there are none.
    """

    def __init__(
        self,
        deployment: Deployment,
        id: str,
        *,
        region: str,
        account: str | None = None,
        site: Site | None = None,
        termination_protection: bool = False,
    ) -> None:
        super().__init__(
            deployment,
            id,
            stack_name=deployment.stack_name(id),
            env=deployment.environment(region, account),
            termination_protection=termination_protection,
            analytics_reporting=False,
        )
        cdk.CrossStackReferences.of(self).consume(cdk.ReferenceStrength.WEAK)
        self.site = site
        self.template_options.metadata = {FACTS: deployment.facts(region, site)}


class NetworkStack(SiteStack):
    """The site's VPC."""

    def __init__(self, deployment: Deployment, site: Site, *, zones: int) -> None:
        super().__init__(deployment, f"{site.region}-network", region=site.region, site=site)
        site.vpc = Network(self, "Network", cidr=site.cidr, zones=zones).vpc


class VaultStack(SiteStack):
    """What protects data and must be there before it: the key, the locked vault, and who is told."""

    def __init__(self, deployment: Deployment, site: Site, *, emails: tuple[str, ...]) -> None:
        super().__init__(deployment, f"{site.region}-vault", region=site.region, site=site, termination_protection=True)
        site.data_key = DataKey(self, "DataKey", alias=site.names.data_key_alias(site.region)).key
        site.alarms = AlarmTopic(self, "Alarms", emails=emails)
        site.vault = LockedVault(
            self, "Vault", name=site.names.vault(site.region), key=site.data_key, alarms=site.alarms
        ).vault
        protect_backups(self, site, deployment.workload.tiers)


class DatabaseStack(SiteStack):
    """The global database's container, outside every data stack: a Region's data can go without the others."""

    made_of_member: bool
    """Whether its first member was restored before it, and did not join it: where that one stands, stands this."""

    def __init__(self, deployment: Deployment, tier: AuroraPostgres | AuroraMysql) -> None:
        site, names = deployment.primary, deployment.names
        self.made_of_member = tier.name in site.moved
        where = site.born if self.made_of_member else site.region
        stack = f"{where}-database" if self.made_of_member else "database"
        super().__init__(deployment, stack, region=where, termination_protection=True)
        GlobalAurora(
            self,
            tier.name.capitalize(),
            engine=tier.engine,
            version=tier.version,
            identifier=site.global_cluster(tier.name),
            source=names.cluster_arn(tier.name, where) if self.made_of_member else None,
        )


class DataStack(SiteStack):
    """The site's tiers that hold data."""

    def __init__(self, deployment: Deployment, site: Site) -> None:
        super().__init__(deployment, f"{site.region}-data", region=site.region, site=site, termination_protection=True)
        deployment.build_tiers(self, site, Layer.DATA)


class ServiceStack(SiteStack):
    """The site's tiers that answer, the name that leads to them, and a copy of the recovery plan."""

    def __init__(self, deployment: Deployment, site: Site) -> None:
        super().__init__(deployment, f"{site.region}-service", region=site.region, site=site)
        deployment.build_tiers(self, site, Layer.SERVICE)
        for service in site.services.values():
            RegionalRecord(
                self,
                "RegionalRecord",
                hosted_zone=route53.HostedZone.from_hosted_zone_id(self, "PublicZone", site.hosted_zone_id),
                name=site.regional_domain,
                load_balancer=service.load_balancer,
            )
        if deployment.plan:
            self._prepare_failover(deployment, deployment.plan, site)

    def _prepare_failover(self, deployment: Deployment, plan: Plan, site: Site) -> None:
        """The switch, in the Region that takes over, and what to do, readable in every Region."""
        if plan.traffic and plan.traffic.switch.held_in == site.region:
            leaves = plan.traffic.switch.leaves
            TrafficSwitch(self, "TrafficSwitch", workload=deployment.workload.name, leaves=leaves, alarms=site.alarms)
        ssm.CfnParameter(
            self,
            "RecoveryPlan",
            name=site.names.plan_parameter,
            type="String",
            value=plan.to_json(),
            description="what cdk-standby failover and failback do, readable without the repository",
        )


class DnsStack(SiteStack):
    """The workload's own public hosted zone, when no existing one was given."""

    zone: AcceleratedZone
    zone_id: str

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(deployment, "dns", region=ROUTE_53_HOME, termination_protection=True)
        self.zone = AcceleratedZone(self, "Zone", name=deployment.workload.domain)
        self.zone_id = self.zone.hosted_zone.hosted_zone_id
        cdk.CfnOutput(self, "HostedZoneId", value=self.zone_id)

    def tell_name_servers(self, output: str) -> None:
        """Print what another account has to know of the zone."""
        cdk.CfnOutput(self, output, value=cdk.Fn.join(" ", self.zone.zone.attr_name_servers))
