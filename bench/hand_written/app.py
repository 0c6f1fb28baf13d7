"""The same stacks with the same types of resources as ours, and as many of each; a test compares."""

import gc
import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ssm as ssm
from database import container, member
from network import network
from service import service
from traffic import failover, switch
from vault import alarm_topic, protection

gc.freeze()

NAME, DOMAIN, ACCOUNT, ZONE = "shop", "shop.example.com", "111111111111", "Z0123456789EXAMPLE"
SITES = {"eu-west-1": "10.0.0.0/16", "eu-central-1": "10.1.0.0/16"}
FLAGS = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]


def build(outdir: str) -> cdk.App:
    app = cdk.App(outdir=outdir, analytics_reporting=False, context=FLAGS | known_zones())
    primary, recovery = SITES
    container(stack(app, "database", primary), name=NAME)
    for region, cidr in SITES.items():
        vpc = network(stack(app, f"{region}-network", region), cidr=cidr)
        protected = protection(stack(app, f"{region}-vault", region), name=NAME)
        data = stack(app, f"{region}-data", region)
        other = recovery if region == primary else primary
        database = member(data, name=NAME, vpc=vpc, protected=protected, primary=region == primary, other=other)
        compute = stack(app, f"{region}-service", region)
        service(
            compute,
            vpc=vpc,
            database=database,
            topic=protected.topic,
            domain=DOMAIN,
            zone_id=ZONE,
            group_name=f"{NAME}-service-{region}",
            minimum=5 if region == primary else 2,
        )
        if region == recovery:
            switch(compute, workload=NAME, leaves=primary)
        ssm.CfnParameter(compute, "Plan", name=f"/by-hand/{NAME}/plan", type="String", value="{}")
    traffic = stack(app, "traffic", "us-east-1")
    failover(traffic, workload=NAME, domain=DOMAIN, zone_id=ZONE, sites=list(SITES), topic=alarm_topic(traffic))
    return app


def stack(app: cdk.App, name: str, region: str) -> cdk.Stack:
    env = cdk.Environment(account=ACCOUNT, region=region)
    return cdk.Stack(app, f"Shop-{name}", env=env, analytics_reporting=False)


def known_zones() -> dict[str, list[str]]:
    """What cdk.context.json holds after the first lookup, so that synth asks nobody."""
    return {
        f"availability-zones:account={ACCOUNT}:region={region}": [f"{region}{letter}" for letter in "abc"]
        for region in SITES
    }
