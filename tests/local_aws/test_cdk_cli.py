"""The real CDK CLI against the local AWS: bootstrap, deploy, again, update, a failure that rolls back, destroy."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from cdk_standby_runbooks.local_aws import LocalAws

ROOT = Path(__file__).parents[2]
REGION = "eu-north-1"
Cdk = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.deploys


@pytest.fixture(scope="module")
def run(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Cdk:
    """Runs the CLI on an assembly; gives what it printed and its exit code."""
    path = f"{ROOT / 'node_modules/.bin'}{os.pathsep}{os.environ['PATH']}"
    cli = shutil.which("cdk", path=path)
    assert cli, "the CDK CLI is not installed: npm ci"
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    def command(*words: str, app: Path | None = None) -> subprocess.CompletedProcess[str]:
        what = [cli, *words, *(["--app", str(app)] if app else []), "--no-notices", "--ci"]
        environment = {**aws.environment(REGION), "PATH": path}
        return subprocess.run(what, cwd=elsewhere, env=environment, capture_output=True, text=True, check=False)

    return command


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    def make(name: str, *, display: str = "hello", broken: bool = False) -> Path:
        out = tmp_path_factory.mktemp("assembly") / name
        context = {"@aws-cdk/core:defaultCrossStackReferences": "strong"}
        app = cdk.App(outdir=str(out), context=context, analytics_reporting=False)
        env = cdk.Environment(account="111111111111", region=REGION)
        base, top = cdk.Stack(app, "Base", env=env), cdk.Stack(app, "Top", env=env)
        topic = sns.Topic(base, "Topic", display_name=display)
        ec2.Vpc(base, "Vpc", availability_zones=[f"{REGION}a", f"{REGION}b"], nat_gateways=0)
        queue = sqs.Queue(top, "Queue")
        topic.add_subscription(subscriptions.SqsSubscription(queue))
        s3.Bucket(top, "Bucket", versioned=True, enforce_ssl=True, removal_policy=cdk.RemovalPolicy.DESTROY)
        role = iam.Role(top, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        queue.grant_send_messages(role)
        cdk.CfnOutput(top, "QueueName", value=queue.queue_name)
        if broken:
            extra = sns.Topic(top, "Extra")
            nobody = f"arn:aws:sns:{REGION}:111111111111:nobody"
            subscription = sns.CfnSubscription(
                top, "Broken", topic_arn=nobody, protocol="sqs", endpoint=queue.queue_arn
            )
            subscription.node.add_dependency(extra)
        app.synth()
        return out

    return make


def test_the_real_cli_deploys_updates_rolls_back_and_destroys(
    aws: LocalAws, run: Cdk, assembly: Callable[..., Path]
) -> None:
    deploy = ("deploy", "--all", "--require-approval", "never")
    first, second = assembly("first"), assembly("second", display="bye")
    stacks = aws.client("cloudformation", REGION)

    def status(name: str) -> str:
        return str(stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    def display() -> list[str]:
        sns_ = aws.client("sns", REGION)
        arns = [topic["TopicArn"] for topic in sns_.list_topics()["Topics"]]
        return [sns_.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] for arn in arns]

    assert _ok(run("bootstrap", f"aws://111111111111/{REGION}"))
    assert _ok(run(*deploy, "--concurrency", "2", app=first))
    assert (status("Base"), status("Top"), display()) == ("CREATE_COMPLETE", "CREATE_COMPLETE", ["hello"])
    queues = aws.client("sqs", REGION).list_queues()["QueueUrls"]
    outputs = stacks.describe_stacks(StackName="Top")["Stacks"][0]["Outputs"]
    assert [queue.rsplit("/", 1)[1] for queue in queues] == [output["OutputValue"] for output in outputs]

    again = run(*deploy, app=first)
    assert _ok(again)
    assert again.stderr.count("(no changes)") + again.stdout.count("(no changes)") == 2

    assert _ok(run("diff", "--fail", app=first))
    assert run("diff", "--fail", app=second).returncode == 1
    assert _ok(run(*deploy, "--method", "direct", app=second))
    assert (status("Base"), display()) == ("UPDATE_COMPLETE", ["bye"])

    failed = run(*deploy, app=assembly("third", display="bye", broken=True))
    assert failed.returncode == 1
    assert "Topic does not exist" in failed.stdout + failed.stderr
    assert (status("Top"), display()) == ("UPDATE_ROLLBACK_COMPLETE", ["bye"])

    assert _ok(run("destroy", "--all", "--force", app=first))
    assert [s["StackName"] for s in stacks.describe_stacks()["Stacks"]] == ["CDKToolkit"]
    assert display() == []
    assert aws.client("sqs", REGION).list_queues().get("QueueUrls", []) == []


def _ok(told: subprocess.CompletedProcess[str]) -> bool:
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    return True
