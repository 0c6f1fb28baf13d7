"""The reference workload is deployed somewhere: its data is locked, and no release replaces it without a reason.

After `make synth`: `cdk-standby lock cdk.out --file tests/stacks/data.lock.json`, with `--because "..."` where data is
meant to be replaced, which is a major version.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_standby_review import read
from cdk_standby_review.locks.accepting import added, locked
from cdk_standby_review.locks.breaches import breaches
from cdk_standby_review.locks.lock import read_lock, text_of

LOCK = Path(__file__).with_name("data.lock.json")


@pytest.fixture(scope="module")
def templates(standby):
    return read(standby.app.outdir)


def test_no_release_replaces_the_data_of_the_reference_workload(templates):
    found = breaches(read_lock(LOCK), templates, LOCK.name)

    assert [breach.message for breach in found] == []


def test_everything_that_holds_data_is_locked(templates):
    assert added(read_lock(LOCK), templates) == []


def test_the_lock_is_as_the_command_would_write_it(templates):
    lock = read_lock(LOCK)

    assert LOCK.read_text() == text_of(locked(templates, lock.history))


def test_every_site_keeps_database_credentials_keys_and_vault(templates):
    kinds = {
        key.split("/")[-1]: {entry.type for entry in held.values()} for key, held in read_lock(LOCK).stacks.items()
    }

    assert kinds["Shop-eu-west-1-data"] > {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::SecretsManager::Secret"}
    assert kinds["Shop-eu-central-1-vault"] > {"AWS::Backup::BackupVault"}
