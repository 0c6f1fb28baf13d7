"""What people write with this library. mypy and pyright, both strict, must find nothing to say; nobody runs it."""

from typing import TypedDict, Unpack

import aws_cdk as cdk
from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from constructs import Construct

import cdk_standby_stacks as stacks
from cdk_standby import (
    AlarmTopic,
    Alias,
    ApplicationBalancer,
    ApplicationTargets,
    AuroraCluster,
    Bucket,
    BucketReplica,
    DatabaseDrill,
    DatabaseNames,
    DatabaseProxy,
    DataKey,
    DsqlCluster,
    EndpointCheck,
    Fleet,
    GoldenImage,
    HotSpare,
    InvalidOptions,
    LatencyAnswer,
    LatencyRecords,
    LockedVault,
    MultiAzCluster,
    MultiAzInstance,
    Network,
    NetworkBalancer,
    NetworkPort,
    NetworkTargets,
    Queue,
    ReadReplica,
    ReplacementGuard,
    Replica,
    Restore,
    SubnetGroups,
    Table,
    ValkeyCache,
)
from cdk_standby_stacks import AuroraPostgres, Capacity, Objectives, Recovery, Service, WarmStandby, Workload

# A workload, and the strategy that places it.
app = cdk.App()
shop = Workload(
    name="shop",
    domain="shop.example.com",
    service=Service(port=8080, health_path="/healthz", capacity=Capacity(minimum=3, maximum=24)),
    database=AuroraPostgres(version="17.4", instance="r7g.large", readers=2),
)
standby = WarmStandby(
    app,
    "Shop",
    workload=shop,
    account="111111111111",
    primary="eu-west-1",
    recovery="eu-central-1",
    scale=0.25,
    hosted_zone_id="Z0123456789EXAMPLE",
    objectives=Objectives(region=Recovery(rto=Duration.minutes(30), rpo=Duration.minutes(1))),
)

everywhere: stacks.Deployment = stacks.MultiSite(
    cdk.Stage(app, "Everywhere"),
    "Shop",
    workload=Workload(
        name="shop",
        domain="shop.example.com",
        service=Service(capacity=Capacity(minimum=3, maximum=24)),
        tables=[stacks.Table("orders", "order_id", last_writer_wins_because="one cart for each order")],
        buckets=[stacks.Bucket("uploads", last_writer_wins_because="names are random")],
        secrets=[stacks.Secret("payments")],
        images=[stacks.Images("web")],
        cache=stacks.Valkey(version="8.2"),
        queues=[stacks.Queue("jobs", bridges=Duration.days(2))],
    ),
    account="111111111111",
    primary="eu-west-1",
    recovery="eu-central-1",
    further=["eu-north-1"],
)
regions: list[str] = [site.region for site in everywhere.sites.values()]


# The constructs in somebody's own stack, with the CDK's own objects going in and coming out.
class StackOptions(TypedDict, total=False):
    env: cdk.Environment
    termination_protection: bool


class Orders(cdk.Stack):
    def __init__(self, scope: Construct, id: str, *, reader: iam.IRole, **options: Unpack[StackOptions]) -> None:
        super().__init__(scope, id, **options)
        key = DataKey(self, "Key")
        alarms = AlarmTopic(self, "Alarms", key=key.key, emails=["on-call@example.com"])
        network = Network(self, "Network", cidr="10.20.0.0/16", zones=3)
        vpc: ec2.IVpc = network.vpc
        database = AuroraCluster(
            self,
            "Database",
            engine="aurora-postgresql",
            version="17.4",
            vpc=vpc,
            key=key.key,
            alarms=alarms,
        )
        endpoint: rds.Endpoint = database.endpoint
        LockedVault(self, "Vault", key=key.key)
        cdk.CfnOutput(self, "Endpoint", value=endpoint.socket_address)
        database.grant_connect(reader, "orders")
        alarms.topic.grant_publish(reader)


class Legacy(cdk.Stack):
    """Databases of other engines, in a network that was there before, and what stands around them."""

    def __init__(
        self, scope: Construct, id: str, *, vpc: ec2.IVpc, zone: route53.IHostedZone, reader: iam.IRole
    ) -> None:
        super().__init__(scope, id)
        key: kms.IKey = DataKey(self, "Key").key
        orders = MultiAzInstance(self, "Orders", engine="mariadb", version="11.8.3", vpc=vpc, key=key)
        replica = ReadReplica(self, "Replica", source=orders, vpc=vpc, key=key)
        restored = MultiAzCluster(
            self,
            "Restored",
            engine="postgres",
            version="17.6",
            vpc=vpc,
            key=key,
            restore=Restore.from_snapshot("arn:aws:rds:eu-west-1:111111111111:cluster-snapshot:before"),
        )
        proxy = DatabaseProxy(self, "Proxy", database=orders, vpc=vpc)
        names = DatabaseNames(
            self, "Names", zone=zone, database=orders, writer="orders", reader="reads", replicas=[replica]
        )
        DatabaseDrill(self, "Drill", database=restored)
        DsqlCluster(self, "Ledger", key=key).grant_connect(reader)
        items = Table(
            self, "Items", partition_key="id", key=key, replicas=[Replica(region="eu-central-1", key="alias/b")]
        )
        items.grant_read(reader)
        cache = ValkeyCache(self, "Cache", version="9.0", vpc=vpc, key=key)
        cache.connections.allow_default_port_from(proxy)
        cdk.CfnOutput(self, "Writer", value=names.writer)


class Traffic(cdk.Stack):
    """Servers, balancers, names, objects and messages."""

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.IVpc, zone: route53.IHostedZone) -> None:
        super().__init__(scope, id)
        key: kms.IKey = DataKey(self, "Key").key
        workers = Fleet(self, "Workers", vpc=vpc, minimum=4, maximum=12)
        HotSpare(self, "Legacy", vpc=vpc)
        GoldenImage(
            self,
            "Image",
            name="web",
            version="1.0.0",
            vpc=vpc,
            key=key,
            components=["update-linux"],
            one_region_because="a lab",
        )
        targets = ApplicationTargets(self, "Targets", vpc=vpc, needed=4)
        targets.attach(workers.group)
        balancer = ApplicationBalancer(self, "Balancer", vpc=vpc, targets=targets, http_only_because="a lab")
        brokers = NetworkTargets(self, "Brokers", vpc=vpc, port=1883, needed=2)
        ports = [NetworkPort(port=1883, targets=brokers)]
        NetworkBalancer(self, "Static", vpc=vpc, cross_zone=True, ports=ports)
        check = EndpointCheck(self, "Answers", domain="eu-west-1.shop.example.com")
        answer = LatencyAnswer(region="eu-west-1", leads_to=Alias.balancer(balancer.load_balancer), check=check)
        LatencyRecords(self, "Nearest", hosted_zone=zone, domain="shop.example.com", answers=[answer])
        groups = SubnetGroups(self, "Groups", vpc=vpc)
        partner = BucketReplica(region="eu-central-1", bucket_name="there", key="alias/there")
        uploads = Bucket(self, "Uploads", key=key, bucket_name="here", replicate_to=[partner])
        uploads.grant_read(workers)
        Queue(self, "Jobs", key=key).grant_consume(workers)
        cdk.CfnOutput(self, "Group", value=groups.node.path)


def certificate_of(stack: cdk.Stack) -> acm.ICertificate:
    return acm.Certificate(stack, "Certificate", domain_name="shop.example.com")


def build(region: str) -> str:
    try:
        environment = cdk.Environment(account="111111111111", region=region)
        bare = cdk.Stack(app, "Readers", env=environment)
        role = iam.Role.from_role_name(bare, "Reader", "reader")
        Orders(app, "Orders", reader=role, env=environment, termination_protection=True)
    except InvalidOptions as error:
        return "\n".join(problem.option for problem in error.problems)
    cdk.Validations.of(app).add_plugins(ReplacementGuard())
    return ""
