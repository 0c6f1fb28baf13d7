"""Where databases are restored for practice: somewhere that nobody can reach."""

from __future__ import annotations

from ipaddress import IPv4Network

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from constructs import Construct

from .._checks import check
from .._named_zones import zone_is_meant, zones_are_meant
from .._zones import choose_zones, zone_problems
from ..relational._parts import accept

_RANGE = IPv4Network("10.255.0.0/24")
_ACCEPTED = {
    "AwsSolutions::AwsSolutions-VPC7": "nothing in it sends or receives: it has no route, and no rule of its own",
    "NIST.800.53.R5::NIST.800.53.R5-VPCFlowLogsEnabled": "nothing in it sends or receives: it has no route",
    "NIST.800.53.R5::NIST.800.53.R5-VPCDefaultSecurityGroupClosed": "what is restored here is deleted again, and the "
    "VPC has no way in or out",
}


class RestorePlace(Construct):
    """A VPC of three zones without any way in or out, and a subnet group for databases that are restored for practice.

    A recovery Region of backups has no network, and accounts should have no default VPC: without either, restore tests
    of databases fail. It costs nothing, and holds nothing for longer than a test. Zone loss: the next test uses the
    others. Region loss: it comes back with the Region.
    """

    subnet_group_name: str
    """For `RestoreTest(metadata={"dbSubnetGroupName": ...})`."""

    def __init__(self, scope: Construct, id: str) -> None:
        """Make the place.

        Args:
            scope: a stack, or a construct in one, whose Region is known.
            id: its construct id.

        Raises:
            InvalidOptions: the stack has no Region, or AWS has none of that name
                (https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html).
        """
        super().__init__(scope, id)
        check(self, (), {}, also=[*zone_problems(self, 3, None)])
        zones_are_meant(self, "what is restored here is gone after a day")
        vpc = ec2.CfnVPC(self, "Vpc", cidr_block=str(_RANGE))
        for finding, reason in _ACCEPTED.items():
            accept(vpc, reason, finding)
        blocks = _RANGE.subnets(new_prefix=26)
        subnets = [self._subnet(vpc, zone, str(block)) for zone, block in zip(self._zones(), blocks, strict=False)]
        group = rds.CfnDBSubnetGroup(
            self, "Subnets", db_subnet_group_description=f"Restore tests of {self.node.path}", subnet_ids=subnets
        )
        self.subnet_group_name = group.ref

    def _zones(self) -> tuple[str, ...]:
        return choose_zones(self, 3, None)

    def _subnet(self, vpc: ec2.CfnVPC, zone: str, block: str) -> str:
        subnet = ec2.CfnSubnet(
            self, f"Zone{zone[-1].upper()}", vpc_id=vpc.ref, availability_zone=zone, cidr_block=block
        )
        zone_is_meant(subnet)
        return subnet.ref
