"""What holds for the repository as a whole: its layout, its public names, its pins, and what an import costs."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

import cdk_standby

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "constructs": "cdk_standby",
    "stacks": "cdk_standby_stacks",
    "review": "cdk_standby_review",
    "runbooks": "cdk_standby_runbooks",
}
MADE_BY_TOOLS = re.compile(r"(^|/)(\.(?!ci/|gitignore)|node_modules/|cdk\.out|dist/|build/|__pycache__/)")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".cfg", ""}


def files() -> Iterator[Path]:
    """Everything a person wrote."""
    for path in ROOT.rglob("*"):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and path.suffix in TEXT and not MADE_BY_TOOLS.search(name):
            yield path


def sources() -> Iterator[Path]:
    for root, package in PACKAGES.items():
        yield from (path for path in (ROOT / root / package).rglob("*.py") if "__pycache__" not in path.parts)


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after a statement."""
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(("root", "package"), PACKAGES.items())
def test_a_source_root_holds_one_typed_package_and_is_none_itself(root: str, package: str):
    inside = {path.name for path in (ROOT / root).iterdir() if path.name != "__pycache__"}

    assert inside == {package}
    assert (ROOT / root / package / "__init__.py").is_file()
    assert (ROOT / root / package / "py.typed").is_file()


def test_no_folder_of_tests_hides_the_package_that_the_cdk_needs():
    packages = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("__init__.py")]
    folders = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("constructs") if path.is_dir()]

    assert packages == []
    assert folders == []


@pytest.mark.parametrize("first_on_path", [".", "tests"])
def test_the_cdk_finds_its_constructs_from_any_folder(first_on_path: str):
    code = "import constructs; print(constructs.Construct.__module__, constructs.__file__)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / first_on_path
    )

    module, file = done.stdout.split(" ", 1)
    assert module == "constructs"
    assert not Path(file.strip()).is_relative_to(ROOT / "constructs")


def test_no_file_names_the_machine_it_was_written_on():
    machine = re.compile(r"(?<![\w.:/-])/(?:root|work|Users|home)/\w")
    me = Path(__file__)

    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        if path != me
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if machine.search(line)
    ]

    assert found == []


def test_files_of_the_library_stay_short():
    """An `__init__.py` is a list of names."""
    code = [path for path in sources() if path.name != "__init__.py"]
    long = {str(path.relative_to(ROOT)): n for path in code if (n := len(path.read_text().splitlines())) > 300}

    assert long == {}


def test_mypy_reads_just_those_modules_of_the_cdk_that_we_import():
    """What it does not read it takes for anything, and finds nothing wrong there."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    checked = [ROOT / "app.py", *sources(), *(ROOT / "tools").glob("*.py"), *(ROOT / "tests/typing").glob("*.py")]
    used = {name for path in checked for name in modules_of_the_cdk(ast.parse(path.read_text()))}

    read = next(each["module"] for each in settings["overrides"] if each.get("follow_imports") == "normal")

    bases = {"aws_cdk", "aws_cdk.cx_api", "aws_cdk.interfaces.*"}
    assert set(read) == bases | {name for name in used if not name.startswith("aws_cdk.interfaces")}


def modules_of_the_cdk(tree: ast.AST) -> Iterator[str]:
    """The modules of aws_cdk that a file imports, in whatever way."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("aws_cdk"):
            inside = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name for name in (node.module, *inside) if name and is_module(name))
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("aws_cdk"))


def is_module(name: str) -> bool:
    """Whether a name of aws_cdk is a module and no class."""
    return name == "aws_cdk" or (name.rpartition(".")[2].islower() and find_spec(name) is not None)


@pytest.mark.parametrize("package", PACKAGES.values())
def test_what_a_package_promises_is_there(package: str):
    module = importlib.import_module(package)

    names = public_names(module)

    assert names == sorted(set(names), key=isort_order)
    assert [name for name in names if not hasattr(module, name)] == []
    assert set(names) <= set(dir(module))


def public_names(module: ModuleType) -> list[str]:
    return list(getattr(module, "__all__", ()))


def isort_order(name: str) -> tuple[int, str]:
    """CONSTANTS, Classes, functions: as ruff sorts `__all__`."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_construct_of_the_library_is_public():
    written = {
        node.name
        for path in (ROOT / "constructs" / "cdk_standby").glob("[!_]*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if any(isinstance(base, ast.Name) and base.id == "Construct" for base in node.bases)
    }

    assert written - set(cdk_standby.__all__) == set()


def test_lazy_names_are_what_type_checkers_see():
    init = ast.parse((ROOT / "constructs" / "cdk_standby" / "__init__.py").read_text())
    seen = {
        alias.name: node.module
        for block in init.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert seen == cdk_standby._HOME
    assert set(seen) == set(cdk_standby.__all__)


def test_importing_the_constructs_loads_no_service_of_aws():
    loaded = loaded_by("import cdk_standby")

    assert {name for name in loaded if name.startswith(("aws_cdk.aws_", "boto", "rich", "moto"))} == set()


@pytest.mark.parametrize("module", ["cdk_standby_review", "cdk_standby_runbooks", "cdk_standby_runbooks.cli"])
def test_who_is_on_call_never_starts_node(module: str):
    if find_spec(module) is None:
        pytest.skip(f"{module} is not written yet")

    loaded = loaded_by(f"import {module}")

    assert {name for name in loaded if name.split(".")[0] in {"aws_cdk", "constructs", "jsii", "moto"}} == set()
    assert {name for name in loaded if name.split(".")[0] in {"boto3", "botocore"}} == set()


def test_every_dependency_is_pinned_to_a_version_in_its_supported_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = [
        Requirement(line)
        for lines in (project["dependencies"], *project["optional-dependencies"].values())
        for line in lines
    ]
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)

    outside = [str(wanted) for wanted in ranges if pins.get(wanted.name) not in wanted.specifier]

    assert outside == []


def test_the_cdk_cli_is_pinned_without_saying_where_from():
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())

    pinned = lock["packages"]["node_modules/aws-cdk"]

    assert pinned["version"] == package["devDependencies"]["aws-cdk"]
    assert pinned["version"].startswith("2.")
    assert pinned["integrity"].startswith("sha512-")
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_the_app_uses_todays_recommended_feature_flags():
    bundle = next((Path(str(find_spec("aws_cdk").origin)).parent / "_jsii").glob("aws-cdk-lib@*.jsii.tgz"))
    with tarfile.open(bundle) as packed:
        recommended = json.load(packed.extractfile("package/recommended-feature-flags.json"))

    context = json.loads((ROOT / "cdk.json").read_text())["context"]

    assert {name: value for name, value in context.items() if name.startswith("@aws-cdk")} == recommended


def test_the_changelog_knows_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert version in headings
