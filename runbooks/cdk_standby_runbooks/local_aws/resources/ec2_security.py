"""Security groups: who may speak with whom."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send
from .ec2_network import tag

EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def permission(rule: Values) -> Values:
    """A rule as EC2's API takes it."""
    peer = next((rule[name] for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId") if name in rule), None)
    prefix_list = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    says = {"Description": rule["Description"]} if rule.get("Description") else {}
    made: Values = {"IpProtocol": str(rule.get("IpProtocol", "-1"))}
    made |= {name: int(rule[name]) for name in ("FromPort", "ToPort") if name in rule}
    if "CidrIp" in rule:
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"], **says}]
    if "CidrIpv6" in rule:
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **says}]
    if peer:
        made["UserIdGroupPairs"] = [{"GroupId": peer, **says}]
    if prefix_list:
        made["PrefixListIds"] = [{"PrefixListId": prefix_list, **says}]
    return made


def _create(context: Context, properties: Values) -> Made:
    ec2 = context.client("ec2")
    parameters = {
        "GroupName": properties.get("GroupName") or context.name(255, lower=False),
        "Description": properties["GroupDescription"],
        "VpcId": properties.get("VpcId"),
    }
    group = send(ec2, "CreateSecurityGroup", parameters)["GroupId"]
    tag(context, group, properties)
    _ingress(ec2, group, properties.get("SecurityGroupIngress", []))
    egress = properties.get("SecurityGroupEgress")
    if egress is not None:
        # Naming any rule takes the default one, which lets everything out, away.
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[EVERYTHING])
        _egress(ec2, group, egress)
    return Made(group, {"GroupId": group, "VpcId": properties.get("VpcId"), "Id": group})


def _ingress(ec2: Any, group: str, rules: list[Values]) -> None:
    if rules:
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission(rule) for rule in rules])


def _egress(ec2: Any, group: str, rules: list[Values]) -> None:
    if rules:
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[permission(rule) for rule in rules])


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    ec2, group = context.client("ec2"), made.physical_id
    old, new = before.get("SecurityGroupIngress", []), after.get("SecurityGroupIngress", [])
    if gone := [permission(rule) for rule in old if rule not in new]:
        ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=gone)
    _ingress(ec2, group, [rule for rule in new if rule not in old])
    old, new = before.get("SecurityGroupEgress", [_anywhere()]), after.get("SecurityGroupEgress", [_anywhere()])
    if gone := [permission(rule) for rule in old if rule not in new]:
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=gone)
    _egress(ec2, group, [rule for rule in new if rule not in old])
    tag(context, group, after)
    return made


def _anywhere() -> Values:
    return {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").delete_security_group(GroupId=made.physical_id)


def _rule(direction: str) -> Functions:
    def create(context: Context, properties: Values) -> Made:
        ec2 = context.client("ec2")
        authorize = getattr(ec2, f"authorize_security_group_{direction}")
        answer = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        rule = answer.get("SecurityGroupRules") or [{"SecurityGroupRuleId": context.name()}]
        return Made(rule[0]["SecurityGroupRuleId"], {"Id": rule[0]["SecurityGroupRuleId"]})

    def delete(context: Context, made: Made, properties: Values) -> None:
        ec2 = context.client("ec2")
        revoke = getattr(ec2, f"revoke_security_group_{direction}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])

    def update(context: Context, made: Made, before: Values, after: Values) -> Made:
        delete(context, made, before)
        return create(context, after)

    return Functions(create, update, delete)


HANDLERS: dict[str, Handler] = {
    "AWS::EC2::SecurityGroup": Functions(_create, _update, _delete),
    "AWS::EC2::SecurityGroupIngress": _rule("ingress"),
    "AWS::EC2::SecurityGroupEgress": _rule("egress"),
}
