"""What leads users to the active site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_route53 as route53

from cdk_standby import AlarmId, AlarmTopic, FailoverRecords, FailoverSite

from .site_stacks import ROUTE_53_HOME, SiteStack
from .sites import Site

if TYPE_CHECKING:
    from cdk_standby_runbooks.plan import Switch

    from .deployment import Deployment


class TrafficStack(SiteStack):
    """Health checks and failover records, outside the primary: in us-east-1, or in the recovery Region if that is it.

    Nothing of it is edited or deployed to fail over; its data plane answers from every edge. For later repairs it
    should not go down with the primary: with accelerated recovery, records can be changed again within the hour.
    """

    records: FailoverRecords

    def __init__(self, deployment: Deployment, *, switch: Switch, health_path: str, emails: tuple[str, ...]) -> None:
        shared = deployment.primary.region == ROUTE_53_HOME
        super().__init__(deployment, "traffic", region=deployment.recovery.region if shared else ROUTE_53_HOME)
        self.records = FailoverRecords(
            self,
            "Records",
            hosted_zone=route53.HostedZone.from_hosted_zone_id(self, "Zone", deployment.primary.hosted_zone_id),
            domain=deployment.workload.domain,
            primary=_site(deployment.primary),
            secondary=_site(deployment.recovery),
            health_path=health_path,
            switch_alarm=AlarmId(region=switch.held_in, name=switch.alarm),
            alarms=None if shared else AlarmTopic(self, "Alarms", emails=emails),
        )


class TrafficAlarmsStack(SiteStack):
    """The alarms of health checks that live elsewhere: their metrics are in us-east-1 only.

    It reads the checks' ids, which Route 53 invents, by weak references; nothing of a failover reads this stack.
    """

    def __init__(self, deployment: Deployment, records: FailoverRecords, *, emails: tuple[str, ...]) -> None:
        super().__init__(deployment, "traffic-alarms", region=ROUTE_53_HOME)
        records.alarms_in(self, AlarmTopic(self, "Alarms", emails=emails))


def _site(site: Site) -> FailoverSite:
    return FailoverSite(region=site.region, domain=site.regional_domain)
