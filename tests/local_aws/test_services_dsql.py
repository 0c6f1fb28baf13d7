"""Aurora DSQL: two clusters are one database once each names the other; Region switch plans are kept."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

HERE, THERE, WITNESS = "us-east-1", "us-east-2", "us-west-2"


@pytest.fixture(scope="module")
def dsql(aws: LocalAws) -> dict[str, Any]:
    return {region: aws.client("dsql", region) for region in (HERE, THERE)}


def create(client: Any, *peers: str, witness: str = WITNESS, **more: Any) -> Any:
    properties = {"witnessRegion": witness, **({"clusters": list(peers)} if peers else {})}
    return client.create_cluster(multiRegionProperties=properties, **{"deletionProtectionEnabled": False, **more})


def refusal(of: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        of(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_peers_wait_until_each_names_the_other_and_go_together(dsql: dict[str, Any]) -> None:
    first = create(dsql[HERE])
    second = create(dsql[THERE], first["arn"])

    def status() -> list[str]:
        pairs = ((HERE, first), (THERE, second))
        return [dsql[region].get_cluster(identifier=one["identifier"])["status"] for region, one in pairs]

    waiting = status()
    dsql[HERE].update_cluster(
        identifier=first["identifier"],
        multiRegionProperties={"witnessRegion": WITNESS, "clusters": [second["arn"]]},
    )
    agreed = status()
    gone = dsql[HERE].delete_cluster(identifier=first["identifier"])["status"]

    assert (waiting, agreed) == (["PENDING_SETUP", "PENDING_SETUP"], ["ACTIVE", "ACTIVE"])
    told = dsql[THERE].get_cluster(identifier=second["identifier"])["multiRegionProperties"]
    assert told == {"witnessRegion": WITNESS, "clusters": [second["arn"], first["arn"]]}
    assert (gone, status()) == ("PENDING_DELETE", ["PENDING_DELETE", "ACTIVE"])
    dsql[THERE].delete_cluster(identifier=second["identifier"])
    assert refusal(dsql[HERE].get_cluster, identifier=first["identifier"]) == (
        f"ResourceNotFoundException: Cluster {first['identifier']} does not exist"
    )


def test_regions_of_a_database_differ_and_a_protected_one_stays(dsql: dict[str, Any]) -> None:
    alone = dsql[HERE].create_cluster()

    assert alone["status"] == "ACTIVE"
    assert refusal(dsql[HERE].delete_cluster, identifier=alone["identifier"]) == (
        f"ValidationException: The cluster {alone['identifier']} is protected: disable deletion protection first"
    )
    assert refusal(lambda: create(dsql[HERE], witness=HERE)) == (
        "ValidationException: The Regions of the clusters and of the witness must differ: us-east-1, us-east-1, []"
    )
    assert refusal(lambda: create(dsql[HERE], "arn:aws:dsql:us-east-2:111111111111:cluster/nobody")) == (
        "ValidationException: The cluster arn:aws:dsql:us-east-2:111111111111:cluster/nobody does not exist"
    )
    dsql[HERE].update_cluster(identifier=alone["identifier"], deletionProtectionEnabled=False)
    assert dsql[HERE].delete_cluster(identifier=alone["identifier"])["status"] == "DELETING"


def test_a_plan_is_kept_and_not_carried_out(aws: LocalAws) -> None:
    switch = aws.client("arc-region-switch", HERE)
    plan = {
        "name": "shop",
        "executionRole": "arn:aws:iam::111111111111:role/switch",
        "recoveryApproach": "activePassive",
        "workflows": [{"workflowTargetAction": "activate", "workflowTargetRegion": THERE, "steps": []}],
    }

    nowhere = refusal(switch.create_plan, **plan, regions=[HERE, THERE], primaryRegion=WITNESS)
    made = switch.create_plan(**plan, regions=[HERE, THERE], primaryRegion=HERE)["plan"]
    refused = refusal(
        switch.start_plan_execution, planArn=made["arn"], targetRegion=THERE, action="activate", latestVersion="1"
    )

    assert nowhere == ("ValidationException: An active/passive plan needs a primaryRegion that is one of its regions")
    assert switch.get_plan(arn=made["arn"])["plan"]["regions"] == [HERE, THERE]
    assert refused == (
        "NotModelledLocally: arc-region-switch:StartPlanExecution is refused: this local AWS does not model it"
    )


def test_a_cluster_has_a_private_name_behind_its_endpoint_service(dsql: dict[str, Any]) -> None:
    cluster = create(dsql[HERE])["identifier"]

    told = dsql[HERE].get_vpc_endpoint_service_name(identifier=cluster)

    service = told["serviceName"].removeprefix(f"com.amazonaws.{HERE}.")
    assert told["clusterVpcEndpoint"] == f"{cluster}.{service}.{HERE}.on.aws"
