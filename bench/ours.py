"""The warm standby of app.py, as many times over as asked: `python bench/ours.py OUTDIR [PAIRS OF REGIONS]`."""

import gc
import json
import sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import Duration

from cdk_standby_stacks import AuroraPostgres, Capacity, Objectives, Recovery, Service, WarmStandby, Workload

FLAGS = json.loads((Path(__file__).parents[1] / "cdk.json").read_text())["context"]
PAIRS = (
    ("eu-west-1", "eu-central-1"),
    ("us-west-2", "us-east-2"),
    ("ap-southeast-2", "ap-northeast-1"),
    ("eu-north-1", "eu-west-3"),
)


def build(outdir: str, pairs: int = 1) -> cdk.App:
    """One independent workload for each pair of Regions."""
    app = cdk.App(outdir=outdir, analytics_reporting=False, context=FLAGS)
    for number, (primary, recovery) in enumerate(PAIRS[:pairs], 1):
        workload = Workload(
            name=f"shop{number}",
            domain=f"shop{number}.example.com",
            service=Service(port=8080, health_path="/healthz", capacity=Capacity(minimum=3, maximum=24)),
            database=AuroraPostgres(version="17.4", instance="r7g.large", readers=2),
        )
        WarmStandby(
            app,
            f"Shop{number}",
            workload=workload,
            account="111111111111",
            primary=primary,
            recovery=recovery,
            scale=0.25,
            hosted_zone_id="Z0123456789EXAMPLE",
            objectives=Objectives(
                zone=Recovery(rto=Duration.minutes(5), rpo=Duration.seconds(0)),
                region=Recovery(rto=Duration.minutes(30), rpo=Duration.minutes(1)),
            ),
        )
    return app


if __name__ == "__main__":
    gc.freeze()
    build(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1).synth()
