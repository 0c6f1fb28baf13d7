"""The bench compares like with like: the twin written by hand has our types of resources, and as many of each."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "bench"


def types_made_by(script: str, out: Path) -> Counter[str]:
    run = [sys.executable, str(BENCH / script), str(out)]
    subprocess.run(run, check=True, env=os.environ | {"CDK_VALIDATION": "false"})
    templates = [json.loads(path.read_text()) for path in out.glob("*.template.json")]
    return Counter(resource["Type"] for template in templates for resource in template["Resources"].values())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    return {script: types_made_by(script, tmp_path_factory.mktemp("out")) for script in ("ours.py", "hand_written")}


def test_the_twin_has_the_same_resources(made: dict[str, Counter[str]]):
    ours, twin = made["ours.py"], made["hand_written"]

    assert ours - twin == Counter()
    assert twin - ours == Counter()
