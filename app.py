"""The example to copy: a shop in Ireland, with Frankfurt to fall back on.

`cdk synth` shows every strategy, each in a stage and an account of its own. Choose one, and change it later by the
same word: `cdk deploy --all -c strategy=warm-standby`.
"""

import gc

import aws_cdk as cdk
from aws_cdk import Duration
from constructs import Construct

from cdk_standby_stacks import (
    AuroraPostgres,
    BackupRestore,
    Capacity,
    Deployment,
    MultiAz,
    MultiSite,
    Objectives,
    PilotLight,
    Recovery,
    Service,
    WarmStandby,
    Workload,
)

gc.freeze()  # imports are done: collecting them again and again costs a tenth of the synth

shop = Workload(
    name="shop",
    domain="shop.example.com",
    service=Service(port=8080, health_path="/healthz", capacity=Capacity(minimum=3, maximum=24)),
    database=AuroraPostgres(
        version="17.4", instance="r7g.large", readers=2, one_writer_because="nearly all calls only read"
    ),
)
ZONE_LOSS = Recovery(rto=Duration.minutes(5), rpo=Duration.seconds(0))


def region_loss(minutes: int) -> Objectives:
    """What the shop promises when Ireland is lost: to be back in time, without the last minute of writes."""
    return Objectives(zone=ZONE_LOSS, region=Recovery(rto=Duration.minutes(minutes), rpo=Duration.minutes(1)))


STRATEGIES: tuple[tuple[type[Deployment], Objectives], ...] = (
    (MultiAz, Objectives(zone=ZONE_LOSS)),
    (BackupRestore, Objectives(zone=ZONE_LOSS, region=Recovery(rto=Duration.hours(6), rpo=Duration.hours(30)))),
    (PilotLight, region_loss(45)),
    (WarmStandby, region_loss(30)),
    (MultiSite, region_loss(30)),
)


def place(scope: Construct, strategy: type[Deployment], objectives: Objectives, account: str) -> None:
    """The shop, by a strategy: the word is all that differs."""
    strategy(
        scope,
        "Shop",
        workload=shop,
        account=account,
        primary="eu-west-1",
        recovery="eu-central-1",
        scale=0.25,
        hosted_zone_id="Z0123456789EXAMPLE",
        objectives=objectives,
    )


app = cdk.App()
chosen = app.node.try_get_context("strategy")
for number, (strategy, objectives) in enumerate(STRATEGIES, start=1):
    if chosen is None:
        place(cdk.Stage(app, strategy.__name__), strategy, objectives, account=f"{number}" * 12)
    elif chosen == strategy.strategy.name:
        place(app, strategy, objectives, account="111111111111")
app.synth()
