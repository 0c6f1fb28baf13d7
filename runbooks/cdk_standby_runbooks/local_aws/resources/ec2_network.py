"""VPCs: networks, subnets, routes, gateways and endpoints."""

from __future__ import annotations

from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made, Unsupported
from ._rows import Row, rows
from ._send import Values, only, send, without, yes

DNS = ("EnableDnsSupport", "EnableDnsHostnames")


def tag(context: Context, resource: str, properties: Values) -> None:
    """Tags go on after creation: EC2's own form of tags at creation differs from CloudFormation's."""
    if properties.get("Tags"):
        context.client("ec2").create_tags(Resources=[resource], Tags=properties["Tags"])


def _dns(context: Context, vpc: str, properties: Values) -> None:
    for name in DNS:
        if name in properties:
            context.client("ec2").modify_vpc_attribute(VpcId=vpc, **{name: {"Value": yes(properties[name])}})


def _of_vpc(describe: str, what: str, id: str, *more: dict[str, Any]) -> Any:
    def find(context: Context, _: Values, vpc: Values) -> str:
        filters = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}, *more]
        return str(getattr(context.client("ec2"), describe)(Filters=filters)[what][0][id])

    return find


def _public_addresses(context: Context, subnet: str, properties: Values) -> None:
    if "MapPublicIpOnLaunch" in properties:
        wanted = {"Value": yes(properties["MapPublicIpOnLaunch"])}
        context.client("ec2").modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch=wanted)


def _attach(context: Context, properties: Values) -> Made:
    gateway, vpc = properties.get("InternetGatewayId"), properties["VpcId"]
    if gateway is None:
        raise Unsupported("AWS::EC2::VPCGatewayAttachment: only internet gateways are modelled here")
    context.client("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    return Made(f"IGW|{vpc}", {"AttachmentType": "IGW"})


def _detach(context: Context, _: Made, properties: Values) -> None:
    parameters = only(properties, "InternetGatewayId", "VpcId")
    context.client("ec2").detach_internet_gateway(**parameters)


def _route(context: Context, properties: Values) -> Made:
    parameters = {**properties, "RouteTableId": properties["RouteTableId"]}
    send(context.client("ec2"), "CreateRoute", parameters, context.dropped)
    where = properties.get("DestinationCidrBlock") or properties.get("DestinationIpv6CidrBlock")
    where = where or properties.get("DestinationPrefixListId")
    return Made(f"{properties['RouteTableId']}|{where}", {"CidrBlock": where})


def _reroute(context: Context, made: Made, before: Values, after: Values) -> Made:
    send(context.client("ec2"), "ReplaceRoute", after, context.dropped)
    return made


def _unroute(context: Context, _: Made, properties: Values) -> None:
    where = ("RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    context.client("ec2").delete_route(**only(properties, *where))


def _nat(context: Context, properties: Values) -> Made:
    ec2 = context.client("ec2")
    gateway = send(ec2, "CreateNatGateway", without(properties, "Tags"), context.dropped)["NatGateway"]
    tag(context, gateway["NatGatewayId"], properties)
    return Made(gateway["NatGatewayId"], {"NatGatewayId": gateway["NatGatewayId"]})


def _delete_nat(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").delete_nat_gateway(NatGatewayId=made.physical_id)


def _flow_log(context: Context, properties: Values) -> Made:
    ec2 = context.client("ec2")
    parameters = {**without(properties, "Tags", "ResourceId"), "ResourceIds": [properties["ResourceId"]]}
    answer = send(ec2, "CreateFlowLogs", parameters, context.dropped)
    for failed in answer.get("Unsuccessful", []):
        raise Unsupported(f"AWS::EC2::FlowLog: {failed['Error']['Message']}")
    tag(context, answer["FlowLogIds"][0], properties)
    return Made(answer["FlowLogIds"][0], {"Id": answer["FlowLogIds"][0]})


def _delete_flow_log(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").delete_flow_logs(FlowLogIds=[made.physical_id])


def _delete_endpoint(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[made.physical_id])


def _dns_entries(_: Context, __: Values, endpoint: Values) -> list[str]:
    return [f"{entry.get('HostedZoneId', '')}:{entry['DnsName']}" for entry in endpoint.get("DnsEntries", [])]


NETWORK = rows(
    {
        "AWS::EC2::VPC": Row(
            service="ec2",
            create="CreateVpc",
            answer="Vpc",
            id="VpcId",
            attributes={
                "VpcId": "VpcId",
                "CidrBlock": "CidrBlock",
                "CidrBlockAssociations": lambda c, p, r: [a["AssociationId"] for a in r["CidrBlockAssociationSet"]],
                "DefaultSecurityGroup": _of_vpc(
                    "describe_security_groups",
                    "SecurityGroups",
                    "GroupId",
                    {"Name": "group-name", "Values": ["default"]},
                ),
                "DefaultNetworkAcl": _of_vpc("describe_network_acls", "NetworkAcls", "NetworkAclId"),
            },
            apart=(*DNS, "Tags"),
            also=(_dns, tag),
            delete="DeleteVpc",
            delete_id="VpcId",
            gone=("InvalidVpcID.NotFound",),
        ),
        "AWS::EC2::Subnet": Row(
            service="ec2",
            create="CreateSubnet",
            answer="Subnet",
            id="SubnetId",
            attributes={
                name: name for name in ("SubnetId", "AvailabilityZone", "AvailabilityZoneId", "VpcId", "CidrBlock")
            },
            apart=("MapPublicIpOnLaunch", "Tags"),
            also=(_public_addresses, tag),
            delete="DeleteSubnet",
            delete_id="SubnetId",
            gone=("InvalidSubnetID.NotFound",),
        ),
        "AWS::EC2::InternetGateway": Row(
            service="ec2",
            create="CreateInternetGateway",
            answer="InternetGateway",
            id="InternetGatewayId",
            attributes={"InternetGatewayId": "InternetGatewayId"},
            apart=("Tags",),
            also=(tag,),
            delete="DeleteInternetGateway",
            delete_id="InternetGatewayId",
        ),
        "AWS::EC2::RouteTable": Row(
            service="ec2",
            create="CreateRouteTable",
            answer="RouteTable",
            id="RouteTableId",
            attributes={"RouteTableId": "RouteTableId"},
            apart=("Tags",),
            also=(tag,),
            delete="DeleteRouteTable",
            delete_id="RouteTableId",
        ),
        "AWS::EC2::SubnetRouteTableAssociation": Row(
            service="ec2",
            create="AssociateRouteTable",
            id="AssociationId",
            attributes={"Id": "AssociationId"},
            delete="DisassociateRouteTable",
            delete_id="AssociationId",
        ),
        "AWS::EC2::EIP": Row(
            service="ec2",
            create="AllocateAddress",
            id="PublicIp",
            attributes={"AllocationId": "AllocationId", "PublicIp": "PublicIp"},
            apart=("Tags",),
            also=(lambda c, ip, p: tag(c, _allocation(c, ip), p),),
        ),
        "AWS::EC2::VPCEndpoint": Row(
            service="ec2",
            create="CreateVpcEndpoint",
            answer="VpcEndpoint",
            id="VpcEndpointId",
            attributes={
                "Id": "VpcEndpointId",
                "DnsEntries": _dns_entries,
                "NetworkInterfaceIds": "NetworkInterfaceIds",
                "CreationTimestamp": lambda c, p, r: str(r.get("CreationTimestamp")),
            },
            apart=("Tags",),
            also=(tag,),
            update="ModifyVpcEndpoint",
            update_id="VpcEndpointId",
        ),
    }
)


def _allocation(context: Context, address: str) -> str:
    found = context.client("ec2").describe_addresses(PublicIps=[address])["Addresses"]
    return str(found[0]["AllocationId"])


def _release(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").release_address(AllocationId=made.attributes["AllocationId"])


HANDLERS: dict[str, Handler] = {
    **NETWORK,
    "AWS::EC2::EIP": Functions(NETWORK["AWS::EC2::EIP"].create, NETWORK["AWS::EC2::EIP"].update, _release),
    "AWS::EC2::VPCEndpoint": Functions(
        NETWORK["AWS::EC2::VPCEndpoint"].create, NETWORK["AWS::EC2::VPCEndpoint"].update, _delete_endpoint
    ),
    "AWS::EC2::VPCGatewayAttachment": Functions(_attach, delete=_detach),
    "AWS::EC2::Route": Functions(_route, _reroute, _unroute),
    "AWS::EC2::NatGateway": Functions(_nat, delete=_delete_nat),
    "AWS::EC2::FlowLog": Functions(_flow_log, delete=_delete_flow_log),
}
