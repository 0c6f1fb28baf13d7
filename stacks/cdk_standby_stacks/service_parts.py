"""How a service tier becomes instances behind a balancer at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby import Service

from .sites import Site

if TYPE_CHECKING:
    from .tiers import service

ENVIRONMENT_FILE = "/etc/cdk-standby/environment"


def build_service(scope: Construct, tier: service.Service, site: Site, *, needed: int) -> Service:
    """The service with its certificate, let in to all data of its own Region.

    It is told its Region's endpoints only: after a failover the writer endpoint here starts to take
    writes, without a change of configuration and without a network between the Regions.
    """
    built = Service(
        scope,
        tier.name.capitalize(),
        vpc=site.vpc,
        image=tier.image,
        instance_types=tier.instance_types,
        port=tier.port,
        health_path=tier.health_path,
        minimum=needed,
        maximum=tier.capacity.maximum,
        certificate=_certificate(scope, site),
        auto_scaling_group_name=site.names.group(tier.name, site.region),
        user_data=_user_data(tier, site),
        alarms=site.alarms,
    )
    for offer in site.offers.values():
        offer.admit(built)
    return built


def _certificate(scope: Construct, site: Site) -> acm.Certificate:
    """For the public and the Regional name; the same validation record serves every Region."""
    zone = route53.HostedZone.from_hosted_zone_id(scope, "HostedZone", site.hosted_zone_id)
    return acm.Certificate(
        scope,
        "Certificate",
        domain_name=site.domain,
        subject_alternative_names=[site.regional_domain],
        validation=acm.CertificateValidation.from_dns(zone),
    )


def _user_data(tier: service.Service, site: Site) -> ec2.UserData:
    lines = [f"REGION={site.region}", f"PORT={tier.port}"]
    for name, offer in site.offers.items():
        prefix = name.upper().replace("-", "_").replace("/", "_")
        lines += [f"{prefix}_{what}={value}" for what, value in offer.environment.items()]
    user_data = ec2.UserData.for_linux()
    user_data.add_commands(
        "install -d -m 0755 /etc/cdk-standby",
        f"cat > {ENVIRONMENT_FILE} <<'ENVIRONMENT'",
        *lines,
        "ENVIRONMENT",
        *tier.commands,
    )
    return user_data
