"""What an accelerator is made of, as Global Accelerator takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_globalaccelerator as ga
from constructs import Construct

from ._accelerator_values import AcceleratorEndpoint

_Group = ga.CfnEndpointGroup


class Probe(NamedTuple):
    """How instances and Elastic IP addresses are asked whether they are healthy."""

    interval: Duration
    threshold: int
    protocol: str
    port: int | None
    path: str | None


def listener(
    scope: Construct, accelerator: str, ports: Sequence[tuple[int, int]], protocol: str, affinity: str
) -> ga.CfnListener:
    """What clients call."""
    return ga.CfnListener(
        scope,
        "Listener",
        accelerator_arn=accelerator,
        port_ranges=[ga.CfnListener.PortRangeProperty(from_port=low, to_port=high) for low, high in ports],
        protocol=protocol,
        client_affinity=affinity,
    )


def groups(
    scope: Construct,
    listener: ga.CfnListener,
    endpoints: Mapping[str, Sequence[AcceleratorEndpoint]],
    *,
    dials: Mapping[str, float],
    probe: Probe,
    overrides: Mapping[int, int],
) -> dict[str, ga.CfnEndpointGroup]:
    """One in each Region."""
    ports = [_Group.PortOverrideProperty(listener_port=port, endpoint_port=there) for port, there in overrides.items()]
    return {
        region: _Group(
            scope,
            f"Group-{region}",
            listener_arn=listener.ref,
            endpoint_group_region=region,
            endpoint_configurations=[_configured(endpoint) for endpoint in group],
            traffic_dial_percentage=dials[region],
            health_check_interval_seconds=probe.interval.to_seconds(),
            threshold_count=probe.threshold,
            health_check_protocol=probe.protocol,
            health_check_port=probe.port,
            health_check_path=probe.path,
            port_overrides=ports or None,
        )
        for region, group in endpoints.items()
    }


def _configured(endpoint: AcceleratorEndpoint) -> _Group.EndpointConfigurationProperty:
    return _Group.EndpointConfigurationProperty(
        endpoint_id=endpoint.id,
        weight=endpoint.weight,
        client_ip_preservation_enabled=endpoint.keeps_client_ip,
    )
