"""The example to copy: a shop in Ireland, on warm standby in Frankfurt."""

import gc

import aws_cdk as cdk
from aws_cdk import Duration

from cdk_standby_stacks import AuroraPostgres, Capacity, Objectives, Recovery, Service, WarmStandby, Workload

gc.freeze()  # imports are done: collecting them again and again costs a tenth of the synth

shop = Workload(
    name="shop",
    domain="shop.example.com",
    service=Service(port=8080, health_path="/healthz", capacity=Capacity(minimum=3, maximum=24)),
    database=AuroraPostgres(version="17.4", instance="r7g.large", readers=2),
)

app = cdk.App()
WarmStandby(
    app,
    "Shop",
    workload=shop,
    account="111111111111",
    primary="eu-west-1",
    recovery="eu-central-1",
    scale=0.25,
    hosted_zone_id="Z0123456789EXAMPLE",
    objectives=Objectives(
        zone=Recovery(rto=Duration.minutes(5), rpo=Duration.seconds(0)),
        region=Recovery(rto=Duration.minutes(30), rpo=Duration.minutes(1)),
    ),
)
app.synth()
