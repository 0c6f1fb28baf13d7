"""The catalogue of capabilities: every mark is a row of it, and a group that was finished stays so."""

import pytest

import capabilities

FINISHED = ("RDS", "AUR", "DDB", "MEM")
PROVEN = capabilities.proofs()
ROWS = {row for group in capabilities.catalogue() for row in group.rows}


def test_every_mark_is_a_row_of_the_catalogue():
    unknown = {row: places for row, places in PROVEN.items() if row not in ROWS}

    assert unknown == {}


@pytest.mark.parametrize("name", FINISHED)
def test_a_finished_group_stays_finished(name: str):
    [group] = [group for group in capabilities.catalogue() if group.name == name]

    still_open = [f"{row} {says}" for row, says in group.rows.items() if row not in PROVEN]

    assert still_open == []


def test_the_report_counts_what_is_proven_and_names_what_is_open():
    group = capabilities.Group(
        "RDS", "relational databases", {"RDS-01": "standby", "RDS-02": "engines", "RDS-45": "prices"}
    )
    proven = {"RDS-02": ["tests/test_engines.py:7"], "RDS-45": ["docs/prices.md:3"]}

    lines = list(capabilities.report([group], proven))

    assert lines == [
        "RDS  relational databases                           2 / 3",
        "     all                                            2 / 3",
        "\ndocumentation only:",
        "  RDS-45  prices: docs/prices.md:3",
        "\nopen in RDS, relational databases:",
        "  RDS-01  standby",
    ]
