"""Stacks on the local AWS without the CDK CLI, which takes seconds to start."""

from __future__ import annotations

import json
import time
from pathlib import Path

from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

ROUTE_53 = "us-east-1"
ZONE = "Z0123456789EXAMPLE"
PATIENCE = 120


def prepare(aws: LocalAws, *regions: str) -> None:
    """What is there before the first deployment: a bootstrapped account, and the hosted zone."""
    for region in (*regions, ROUTE_53):
        aws.client("ssm", region).put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    aws.client("route53").create_hosted_zone(Name="shop.example.com", CallerReference=f"local-aws-id:{ZONE}")


def in_order(folder: Path) -> list[tuple[str, str, str]]:
    """Name, Region and template of each stack; what others need comes first."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    left = {name: a for name, a in artifacts.items() if a["type"] == "aws:cloudformation:stack"}
    found: list[tuple[str, str, str]] = []
    while left:
        ready = [name for name, a in left.items() if not set(a.get("dependencies", [])) & set(left)]
        for name in ready:
            stack = left.pop(name)
            region = stack["environment"].rsplit("/", 1)[1]
            body = (folder / stack["properties"]["templateFile"]).read_text()
            found.append((stack["properties"].get("stackName") or stack["displayName"], region, body))
    return found


def deploy(aws: LocalAws, name: str, region: str, template: str, **given: str) -> None:
    """Make the stack, or change the one that is there; it has to end well.

    As `cdk deploy` does, it keeps the values of parameters that nobody gives.
    """
    client = aws.client("cloudformation", region)
    there = {one["StackName"]: one for one in client.describe_stacks()["Stacks"]}
    declared, told = json.loads(template).get("Parameters", {}), there.get(name, {}).get("Parameters", [])
    kept = {one["ParameterKey"] for one in told} & declared.keys() - given.keys()
    s3 = aws.client("s3", ROUTE_53)
    s3.create_bucket(Bucket="templates")  # a template in the call itself may have 51,200 bytes
    s3.put_object(Bucket="templates", Key=name, Body=template)
    url = f"{aws.endpoint}/templates/{name}"
    begin, ends = (
        (client.update_stack, "UPDATE_COMPLETE") if name in there else (client.create_stack, "CREATE_COMPLETE")
    )
    try:
        begin(
            StackName=name,
            TemplateURL=url,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                *({"ParameterKey": key, "UsePreviousValue": True} for key in sorted(kept)),
                *({"ParameterKey": key, "ParameterValue": value} for key, value in given.items()),
            ],
        )
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    end = time.monotonic() + PATIENCE
    while (status := client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("IN_PROGRESS"):
        assert time.monotonic() < end, f"{name} is {status}"
        time.sleep(0.2)
    events = client.describe_stack_events(StackName=name)["StackEvents"]
    failed = [
        f"{e['LogicalResourceId']}: {e.get('ResourceStatusReason')}" for e in events if "FAILED" in e["ResourceStatus"]
    ]
    assert (status, failed) == (ends, []), f"{name} is {status}: {failed}"
