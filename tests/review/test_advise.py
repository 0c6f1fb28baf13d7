"""The command `advise`: which strategies keep an objective, told before there is any code."""

from __future__ import annotations

import json

import pytest

from cdk_standby_review import Fault
from cdk_standby_review.advice.options import Objective, advise
from cdk_standby_review.advice.subjects import Subject
from cdk_standby_runbooks.cli import main

NONE_FITS = """\
Objective: a Region is lost: back within 15 min (RTO), no write lost (RPO).

Workload: shop: a service over an Aurora database, backed up every 1 h (from shop.json).

strategy       fits  Region lost: RTO     RPO            zone lost: RTO  RPO  idle cost     SLA       known by
MultiAz        no    lost                 -              30 s to 2 min   0 s  1             99.97%    assumed
BackupRestore  no    34.5 min to 5 h      10 min to 5 h  30 s to 2 min   0 s  1.02 to 1.1   99.97%    assumed
PilotLight     no    4.2 min to 14.8 min  0 s to 1 s     30 s to 2 min   0 s  1.28 to 1.65  99.97%    assumed
WarmStandby    no    4.2 min to 14.8 min  0 s to 1 s     30 s to 2 min   0 s  1.5 to 1.9    99.97%    assumed
MultiSite      no    2.8 min to 11.8 min  0 s to 1 s     30 s to 2 min   0 s  2.03 to 2.15  99.9899%  assumed

No strategy fits. Nothing is lost with a Region only where each commit is in two of them first: DynamoDB
  tables with strong consistency over Regions (MRSC) or an Aurora DSQL cluster. Where both Regions write,
  nobody has to promote anything: MultiSite over DynamoDB tables with strong consistency over Regions (MRSC)
  or an Aurora DSQL cluster is back in 20 s to 1.8 min by itself.

MultiAz
  does not fit: nothing brings it back
  in the second Region: nothing
  lost with a Region: everything since the data was born
  answers meanwhile: nothing

BackupRestore
  does not fit: RTO up to 4.7 h over 15 min; RPO up to 5 h over 0 s
  in the second Region: copies of backups, keys, credentials and images
  lost with a Region: what was written since the last backup that had been copied
  answers meanwhile: nothing

PilotLight
  does not fit: RPO up to 1 s over 0 s
  in the second Region: live data, and everything else without an instance that runs
  lost with a Region: the writes that had not been replicated yet
  answers meanwhile: nothing

WarmStandby
  does not fit: RPO up to 1 s over 0 s
  in the second Region: live data, and a part of the instances
  lost with a Region: the writes that had not been replicated yet
  answers meanwhile: nothing until traffic is switched, then a part of the load

MultiSite
  does not fit: RPO up to 1 s over 0 s
  in the second Region: everything, and it serves
  lost with a Region: the writes that had not been replicated yet
  answers meanwhile: all reads of the other Region, and its writes where a store has several writers

Idle cost is a multiple of the bill of the same workload in one Region, and assumed: 50% of it compute, 25%
  data, as of 2026-11-21; 'shares' in a workload.json says it better. SLA: what the agreements of all parts
  promise together, in percent of a month; a failover by people is no part of them.
"""

FITS = """\
## When a Region is lost: back within 2 min (RTO), at most 1 s of writes lost (RPO)

**Cheapest that fits: MultiSite. One word in the app: write MultiSite(app, ...); no data is replaced.**

Workload: a service over DynamoDB tables and S3 buckets, backed up every 1 d (from shop.json).

| strategy | fits | Region lost: RTO | RPO | zone lost: RTO | RPO | idle cost | SLA | known by |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


@pytest.fixture
def shop(written, monkeypatch):
    """`shop({...})`: the file shop.json in the folder where commands are typed."""

    def write(workload):
        monkeypatch.chdir(written({"shop.json": workload}))
        return "shop.json"

    return write


def test_where_nothing_fits_it_is_said_what_would(shop, capsys):
    file = shop({"name": "shop", "backup_every": "1h", "shares": {"compute": 0.5, "data": 0.25}})

    code = main(["advise", "--rto", "15m", "--rpo", "0s", file])

    assert (capsys.readouterr().out, code) == (NONE_FITS, 1)


def test_the_cheapest_that_fits_is_one_word(shop, capsys):
    file = shop({"stores": ["dynamodb", "s3"]})

    code = main(["advise", "--rto", "2m", "--rpo", "1s", "--format", "markdown", file])

    assert code == 1  # objects arrive within 15 minutes
    assert "**No strategy fits." in capsys.readouterr().out

    code = main(["advise", "--rto", "2m", "--rpo", "15m", "--format", "markdown", file])

    out = capsys.readouterr().out
    assert code == 0
    assert out.startswith(FITS.replace("at most 1 s", "at most 15 min"))
    assert (
        "| MultiSite | yes | 20 s to 1.8 min | 0 s to 15 min | 0 s to 2 min | 0 s | 2.03 to 2.15 | 99.9988% | assumed |"
        in out
    )


@pytest.mark.capability("DR-14")
@pytest.mark.capability("DR-24")
@pytest.mark.parametrize(
    ("rto", "rpo", "fault", "word"),
    [
        ("1d", "2d", "region", "BackupRestore"),
        ("15m", "1m", "region", "PilotLight"),
        ("12m", "1m", "region", "MultiSite"),
        ("5m", "0s", "zone", "MultiAz"),
        ("10m", "1m", "region", None),
        ("1m", "0s", "zone", None),
    ],
)
def test_the_objective_chooses_the_strategy(rto, rpo, fault, word, capsys):
    code = main(["advise", "--rto", rto, "--rpo", rpo, "--fault", fault, "--format", "json"])

    told = json.loads(capsys.readouterr().out)
    assert told["cheapest"] == word
    assert code == (0 if word else 1)
    assert bool(told["instead"]) is (word is None)


@pytest.mark.capability("DR-24")
@pytest.mark.parametrize(
    ("objective", "instead"),
    [
        (
            Objective(rto=0, rpo=3600),
            [
                "nothing is back within 0 s: a health check needs 20 s to 48 s to see that a Region is gone, and "
                "resolvers keep an answer for up to 60 seconds; MultiSite over DynamoDB tables with strong "
                "consistency over Regions (MRSC) or an Aurora DSQL cluster comes nearest: only the users of the lost "
                "Region notice, for 20 s to 1.8 min"
            ],
        ),
        (
            Objective(rto=60, rpo=0, fault=Fault.ZONE),
            [
                "every strategy takes the loss of a zone alike: keep a reader or a standby in another zone, let zonal "
                "autoshift lead traffic away, and let clients try again for that long"
            ],
        ),
    ],
)
def test_what_cannot_be_had_is_said_with_what_comes_nearest(objective, instead):
    assert [*advise(objective, Subject()).instead] == instead


def test_a_deployment_that_is_there_is_told_with_its_own_figures(make, written, capsys):
    templates = make.warm_standby()
    templates[1].body["Resources"]["Service"]["Properties"]["MinSize"] = "5"
    for template in templates:
        template.body["Metadata"]["cdk-standby"]["strategy"] = "warm-standby"
    folder = written({f"{t.name}.json": t.body for t in templates})

    code = main(["advise", "--rto", "14.5m", "--rpo", "1m", "--format", "json", str(folder)])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["workload"] == {"name": "shop", "stores": ["aurora"], "known": str(folder)}
    assert {each["word"] for each in told["strategies"] if each["from"] == "assembly"} == {"WarmStandby"}
    assert told["cheapest"] == "MultiSite"


def test_the_word_to_change_is_named_where_one_stands(make, written, capsys):
    folder = written({f"{t.name}.json": t.body for t in make.warm_standby()})

    main(["advise", "--rto", "12m", "--rpo", "1m", "--format", "markdown", str(folder)])
    other = capsys.readouterr().out
    main(["advise", "--rto", "5m", "--rpo", "0s", "--fault", "zone", "--format", "markdown", str(folder)])
    cheaper = capsys.readouterr().out

    assert "One word in the app: write MultiSite where WarmStandby stands; no data is replaced." in other
    assert "One word in the app: write MultiAz where WarmStandby stands; no data is replaced." in cheaper


SPAN = "is no span of time; allowed: a number with s, m, h or d, such as 90s, 15m, 4h, 1d"
KINDS = "allowed: a list of aurora, rds, dynamodb, dynamodb-strong, dsql, s3"
USELESS = [
    ("soon", "1m", None, f"--rto: 'soon' {SPAN}"),
    ("15", "1m", None, f"--rto: '15' {SPAN}"),
    ("15m", "1e9d", None, f"--rpo: '1e9d' {SPAN}"),
    ("15m", "1m", "no such thing", "none.json: there is no such file or folder"),
    ("15m", "1m", ["aurora"], 'shop.json: a workload looks like {"name": "shop", "stores": ["aurora", "s3"]}'),
    ("15m", "1m", {"store": []}, "shop.json: unknown key store; known: name, stores, backup_every, shares"),
    ("15m", "1m", {"stores": ["oracle"]}, f"shop.json: 'stores' is ['oracle']; {KINDS}"),
    ("15m", "1m", {"stores": "s3"}, f"shop.json: 'stores' is 's3'; {KINDS}"),
    ("15m", "1m", {"backup_every": 5}, f"shop.json: '5' {SPAN}"),
    ("15m", "1m", {"shares": {"staff": 1}},
     'shop.json: \'shares\' looks like {"compute": 0.5, "data": [0.2, 0.3]}, in parts of the bill'),
    ("15m", "1m", {"shares": {"data": 60}}, "shop.json: share 'data' is 60; allowed: 0 to 1, or [low, high]"),
    ("15m", "1m", {"shares": {"data": 0.9}}, "shop.json: compute and data together are more than the whole bill"),
    ("15m", "1m", {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}},
     "shop.json: no deployment of cdk-standby in it; give a workload.json, or use 'cdk-standby review'"),
]  # fmt: skip


@pytest.mark.parametrize(("rto", "rpo", "workload", "message"), USELESS, ids=[message[:40] for *_, message in USELESS])
def test_nonsense_is_told_in_one_line(rto, rpo, workload, message, shop, complaint):
    file = shop({} if workload is None else workload)
    path = "none.json" if workload == "no such thing" else file

    code = main(["advise", "--rto", rto, "--rpo", rpo, path])

    assert (complaint(), code) == (f"cdk-standby advise: {message}\n", 2)


def test_half_a_file_is_told_too(shop, complaint):
    file = shop('{"stores": ')

    code = main(["advise", "--rto", "1h", "--rpo", "1h", file])

    assert code == 2
    assert complaint().startswith("cdk-standby advise: shop.json: ")


def test_the_exit_codes_are_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["advise", "--help"])

    assert "0 a strategy fits, 1 none does, 2 the input cannot be read" in " ".join(capsys.readouterr().out.split())
