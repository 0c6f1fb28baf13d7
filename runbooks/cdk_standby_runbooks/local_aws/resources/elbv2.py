"""Load balancers, their listeners and their target groups."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._rows import Row, rows
from ._send import Values, send, without

# Attributes are a list of keys and values, put in a second call: property, operation, parameter of the ARN.
ATTRIBUTES = {
    "LoadBalancerAttributes": ("ModifyLoadBalancerAttributes", "LoadBalancerArn", "Attributes"),
    "TargetGroupAttributes": ("ModifyTargetGroupAttributes", "TargetGroupArn", "Attributes"),
    "ListenerAttributes": ("ModifyListenerAttributes", "ListenerArn", "Attributes"),
}


def _attributes(context: Context, arn: str, properties: Values) -> None:
    for property, (operation, by, name) in ATTRIBUTES.items():
        if properties.get(property):
            wanted = [{"Key": pair["Key"], "Value": str(pair["Value"])} for pair in properties[property]]
            send(context.client("elbv2"), operation, {by: arn, name: wanted}, context.dropped)


def _full_name(kind: str, arn: str) -> Any:
    def read(_: Context, __: Values, resource: Values) -> str:
        return str(resource[arn]).split(f":{kind}/", 1)[-1]

    return read


def _targets(context: Context, arn: str, properties: Values) -> None:
    if properties.get("Targets"):
        send(context.client("elbv2"), "RegisterTargets", {"TargetGroupArn": arn, "Targets": properties["Targets"]})


TABLE = rows(
    {
        "AWS::ElasticLoadBalancingV2::LoadBalancer": Row(
            service="elbv2",
            create="CreateLoadBalancer",
            answer="LoadBalancers.0",
            id="LoadBalancerArn",
            named="Name",
            limit=32,
            lower=False,
            attributes={
                "LoadBalancerArn": "LoadBalancerArn",
                "DNSName": "DNSName",
                "CanonicalHostedZoneID": "CanonicalHostedZoneId",
                "LoadBalancerName": "LoadBalancerName",
                "LoadBalancerFullName": _full_name("loadbalancer", "LoadBalancerArn"),
                "SecurityGroups": "SecurityGroups",
            },
            apart=("LoadBalancerAttributes", "SecurityGroups"),
            also=(_attributes,),
            delete="DeleteLoadBalancer",
            delete_id="LoadBalancerArn",
            gone=("LoadBalancerNotFound",),
        ),
        "AWS::ElasticLoadBalancingV2::TargetGroup": Row(
            service="elbv2",
            create="CreateTargetGroup",
            answer="TargetGroups.0",
            id="TargetGroupArn",
            named="Name",
            limit=32,
            lower=False,
            attributes={
                "TargetGroupArn": "TargetGroupArn",
                "TargetGroupName": "TargetGroupName",
                "TargetGroupFullName": lambda _, __, group: group["TargetGroupArn"].rsplit(":", 1)[-1],
                "LoadBalancerArns": "LoadBalancerArns",
            },
            apart=("TargetGroupAttributes", "Targets"),
            also=(_attributes, _targets),
            update="ModifyTargetGroup",
            delete="DeleteTargetGroup",
            delete_id="TargetGroupArn",
            gone=("TargetGroupNotFound",),
        ),
        "AWS::ElasticLoadBalancingV2::Listener": Row(
            service="elbv2",
            create="CreateListener",
            answer="Listeners.0",
            id="ListenerArn",
            attributes={"ListenerArn": "ListenerArn"},
            apart=("ListenerAttributes",),
            also=(_attributes,),
            update="ModifyListener",
            delete="DeleteListener",
            delete_id="ListenerArn",
            gone=("ListenerNotFound",),
        ),
        "AWS::ElasticLoadBalancingV2::ListenerRule": Row(
            service="elbv2",
            create="CreateRule",
            answer="Rules.0",
            id="RuleArn",
            attributes={"RuleArn": "RuleArn", "IsDefault": "IsDefault"},
            update="ModifyRule",
            delete="DeleteRule",
            delete_id="RuleArn",
            gone=("RuleNotFound",),
        ),
    }
)


BALANCER = TABLE["AWS::ElasticLoadBalancingV2::LoadBalancer"]


def _create_balancer(context: Context, properties: Values) -> Made:
    made = BALANCER.create(context, properties)
    groups = properties.get("SecurityGroups", [])
    if groups:
        context.client("elbv2").set_security_groups(LoadBalancerArn=made.physical_id, SecurityGroups=groups)
    return Made(made.physical_id, {**made.attributes, "SecurityGroups": groups})


def _update_balancer(context: Context, made: Made, before: Values, after: Values) -> Made:
    elbv2, arn = context.client("elbv2"), made.physical_id
    if before.get("Subnets") != after.get("Subnets") and after.get("Subnets"):
        elbv2.set_subnets(LoadBalancerArn=arn, Subnets=after["Subnets"])
    if before.get("SecurityGroups") != after.get("SecurityGroups"):
        elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=after.get("SecurityGroups", []))
    if before.get("IpAddressType") != after.get("IpAddressType"):
        elbv2.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=after.get("IpAddressType", "ipv4"))
    handled = ("Subnets", "SecurityGroups", "IpAddressType")
    return BALANCER.update(context, made, without(before, *handled), without(after, *handled))


def _certificate(context: Context, properties: Values) -> Made:
    parameters = {"ListenerArn": properties["ListenerArn"], "Certificates": properties["Certificates"]}
    send(context.client("elbv2"), "AddListenerCertificates", parameters, context.dropped)
    return Made(context.name())


def _remove_certificate(context: Context, _: Made, properties: Values) -> None:
    parameters = {"ListenerArn": properties["ListenerArn"], "Certificates": properties["Certificates"]}
    send(context.client("elbv2"), "RemoveListenerCertificates", parameters)


HANDLERS: dict[str, Handler] = {
    **TABLE,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Functions(_create_balancer, _update_balancer, BALANCER.delete),
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": Functions(_certificate, delete=_remove_certificate),
}
