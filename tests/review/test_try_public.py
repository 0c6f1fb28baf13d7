"""The tool that tries the review on templates of others: what it prints, and what makes it fail."""

from __future__ import annotations

import json

import pytest

import try_public

TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
FILES = {
    "good.json": {"Resources": {"Table": TABLE, "Role": {"Type": "AWS::IAM::Role"}}},
    "odd.yaml": "Resources:\n  Thing:\n    Type: Some::New::Thing\n",
    "package.json": {"name": "no template"},
    "half.yaml": "Resources:\n  - [",
    "notes.txt": "not looked at",
}


def test_a_folder_gives_a_row_per_template_and_what_came_out_in_all(written, capsys):
    code = try_public.main([str(written(FILES))])

    printed = capsys.readouterr().out.splitlines()
    assert code == 0
    assert printed[2:4] == [
        "| good.json | 2 | 100% | 0 | 1 | 0 |  |",
        "| odd.yaml | 1 | 0% | 0 | 0 | 0 | Some::New::Thing |",
    ]
    assert printed[5:7] == [
        "4 files: 1 no template, 1 refused, 2 reviewed",
        "coverage: median 50%, 66.7% of 3 resources; 1 templates whole",
    ]
    assert printed[-1] == "unknown: Some::New::Thing 1"


def test_a_list_names_apps_of_several_templates(written, capsys):
    folder = written({**FILES, "list.txt": "# name path\nshop/first good.json\nshop/all  .\n"})

    code = try_public.main(["--list", str(folder / "list.txt"), "--json"])

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (code, [(row["name"], row["outcome"]) for row in rows]) == (
        0, [("shop/first", "reviewed"), ("shop/all", "refused")]
    )  # fmt: skip
    assert "half.yaml: not valid YAML" in rows[1]["why"]


def test_a_crash_is_told_with_its_template_and_fails(written, capsys, monkeypatch):
    def broken(_path):
        raise KeyError("Properties")

    monkeypatch.setattr(try_public, "review", broken)

    code = try_public.main([str(written({"good.json": FILES["good.json"]}))])

    said = capsys.readouterr()
    assert code == 1
    assert "1 files: 1 crashed" in said.out
    assert said.err.startswith("good.json: Traceback")
    assert said.err.rstrip().endswith("KeyError: 'Properties'")


def test_a_review_that_takes_too_long_fails(written, capsys, monkeypatch):
    monkeypatch.setattr(try_public, "LONGEST", 0.0)

    assert try_public.main([str(written({"good.json": FILES["good.json"]}))]) == 1


def test_a_folder_and_a_list_are_not_asked_for_at_once(capsys):
    with pytest.raises(SystemExit):
        try_public.main([])

    assert "give either a folder or --list FILE" in capsys.readouterr().err
