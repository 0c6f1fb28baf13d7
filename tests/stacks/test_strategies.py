"""Strategies are tables; this is what they say."""

from pathlib import Path

import pytest

from cdk_standby_stacks import STRATEGIES, Kind, Posture, Traffic

PAGE = Path(__file__).parents[2] / "docs" / "strategies.md"


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=lambda s: s.name)
def test_every_strategy_places_every_kind_of_tier_at_both_sites(strategy):
    assert set(strategy.active) == set(strategy.standby) == set(Kind)


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=lambda s: s.name)
def test_the_active_site_is_always_complete(strategy):
    assert {strategy.posture(kind, active=True) for kind in Kind} == {Posture.FULL}


@pytest.mark.parametrize(
    ("name", "data", "compute", "traffic"),
    [
        ("multi-az", Posture.ABSENT, Posture.ABSENT, Traffic.SINGLE),
        ("backup-and-restore", Posture.BACKUPS, Posture.ABSENT, Traffic.SINGLE),
        ("pilot-light", Posture.LIVE_REPLICA, Posture.IDLE, Traffic.FAILOVER),
        ("warm-standby", Posture.LIVE_REPLICA, Posture.SCALED_DOWN, Traffic.FAILOVER),
        ("multi-site", Posture.LIVE_REPLICA, Posture.FULL, Traffic.LATENCY),
    ],
)
def test_the_standby_of_each_strategy_is_what_the_whitepaper_says(name, data, compute, traffic):
    strategy = STRATEGIES[name]

    assert strategy.posture(Kind.RELATIONAL, active=False) is data
    assert strategy.posture(Kind.SERVICE, active=False) is compute
    assert strategy.traffic is traffic


def test_the_page_says_what_the_table_says():
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.read_text().splitlines()]
    columns = {cells[0]: cells[1:] for cells in lines if len(cells) == 1 + len(STRATEGIES)}

    assert columns.pop("at the standby") == list(STRATEGIES)
    assert columns.pop("traffic") == [strategy.traffic for strategy in STRATEGIES.values()]
    assert columns.pop("---") == ["---"] * len(STRATEGIES)
    assert columns == {
        kind: [strategy.posture(kind, active=False) for strategy in STRATEGIES.values()] for kind in Kind
    }
