"""A workload that serves from several Regions, with tables as asked: `python bench/many.py OUTDIR REGIONS TABLES`."""

import gc
import sys

import aws_cdk as cdk
from ours import FLAGS

from cdk_standby_stacks import Capacity, MultiSite, Service, Table, Workload

REGIONS = ("eu-west-1", "eu-central-1", "us-west-2", "us-east-2", "ap-southeast-2", "ap-northeast-1")


def build(outdir: str, regions: int, tables: int) -> cdk.App:
    """One workload, as many sites as Regions."""
    app = cdk.App(outdir=outdir, analytics_reporting=False, context=FLAGS)
    primary, recovery, *further = REGIONS[:regions]
    MultiSite(
        app,
        "Shop",
        workload=Workload(
            name="shop",
            domain="shop.example.com",
            service=Service(capacity=Capacity(minimum=6, maximum=48)),
            tables=[Table(f"table{n}", "id", last_writer_wins_because="a bench") for n in range(tables)],
        ),
        account="111111111111",
        primary=primary,
        recovery=recovery,
        further=further,
        hosted_zone_id="Z0123456789EXAMPLE",
    )
    return app


if __name__ == "__main__":
    gc.freeze()
    build(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])).synth()
