"""The table of engines says what RDS says."""

from __future__ import annotations

import re

import pytest

from cdk_standby.relational._engines import ENGINES, Engine
from cdk_standby_review.facts import rds_engines as facts


@pytest.mark.capability("RDS-02")
def test_every_engine_with_a_standby_is_known():
    known = set(ENGINES)

    assert known == set(facts.ENGINES.value)


@pytest.mark.parametrize(
    "table", [facts.VERSIONS, facts.EXAMPLES, facts.CLASSES, facts.LICENSES, facts.LOG_TYPES, facts.STORAGE]
)
def test_every_table_has_a_row_for_every_engine(table):
    rows = getattr(table, "value", table)

    assert set(rows) == set(ENGINES)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))
def test_what_an_engine_is_made_with_is_something_it_knows(engine: Engine):
    example, classes = facts.EXAMPLES[engine.name], facts.CLASSES.value[engine.name]

    assert re.fullmatch(facts.VERSIONS.value[engine.name], example)
    assert re.fullmatch(classes, engine.instance)
    assert set(engine.log_types) <= set(engine.known_log_types)


@pytest.mark.parametrize(
    ("engine", "version", "family"),
    [
        ("postgres", "17.6", "postgres17"),
        ("mysql", "8.4.6", "mysql8.4"),
        ("mariadb", "10.11.14", "mariadb10.11"),
        ("oracle-ee", "19.0.0.0.ru-2025-07.rur-2025-07.r1", "oracle-ee-19"),
        ("oracle-se2-cdb", "21.0.0.0.ru-2025-07.spb-1.r1", "oracle-se2-cdb-21"),
        ("sqlserver-se", "16.00.4215.2.v1", "sqlserver-se-16.0"),
        ("db2-ae", "12.1.4.0.sb00080714.r1", "db2-ae-12.1"),
    ],
)
def test_a_family_is_named_as_rds_names_it(engine, version, family):
    assert Engine.of(engine).family(version) == family


@pytest.mark.capability("RDS-25")
@pytest.mark.parametrize(
    ("engine", "prefix"),
    [
        ("postgres", "17"),
        ("mysql", "8.4"),
        ("mariadb", "11.4"),
        ("oracle-ee", "19"),
        ("sqlserver-se", "16.00"),
        ("db2-se", "11.5"),
    ],
)
def test_no_engine_takes_a_prefix_for_a_version(engine, prefix):
    assert re.fullmatch(facts.VERSIONS.value[engine], prefix) is None


@pytest.mark.parametrize("graviton", ["r7g.large", "m7g.xlarge", "r6gd.large", "t4g.medium", "x2g.large"])
def test_only_the_open_engines_run_on_graviton(graviton):
    on_graviton = {name for name, pattern in facts.CLASSES.value.items() if re.fullmatch(pattern, graviton)}

    assert on_graviton == {"postgres", "mysql", "mariadb"}


@pytest.mark.parametrize("intel", ["r6i.large", "r7i.2xlarge", "m6i.xlarge", "t3.medium", "x2iedn.2xlarge"])
def test_every_engine_runs_on_intel(intel):
    on_intel = {name for name, pattern in facts.CLASSES.value.items() if re.fullmatch(pattern, intel)}

    assert on_intel == set(ENGINES)
