"""What import-linter cannot see: dags/ is no package, and some names belong to one layer."""

import sys
import tomllib

CLOCKS = {
    f"{module}{name}"
    for module in ("", "datetime.")
    for name in ("datetime.now", "datetime.today", "datetime.utcnow", "date.today")
} | {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
NETWORK = {"socket", "urllib.request", "http.client", "requests", "httpx", "ftplib", "smtplib"}


def test_contracts_and_types_cover_every_package(root, packages):
    config = tomllib.loads((root / "pyproject.toml").read_text())["tool"]
    top = [name for name in packages if "." not in name]
    assert config["importlinter"]["root_packages"] == top
    assert config["mypy"]["packages"] == top


def test_the_wheel_holds_every_folder_of_code_and_its_facts(root, packages):
    code = {
        str(path.parent.relative_to(root)).replace("/", ".")
        for name in packages
        for path in (root / name.replace(".", "/")).rglob("__init__.py")
    }
    assert code == set(packages)
    config = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    shipped = {
        path for name, globs in config["package-data"].items() for glob in globs for path in (root / name).glob(glob)
    }
    facts = {
        path
        for name in packages
        for path in (root / name.replace(".", "/")).rglob("*")
        if path.suffix in {".yml", ".csv", ".sql", ".html"}
    }
    assert facts <= shipped


def test_dags_hold_only_order(imports, root):
    """A DAG file imports Airflow, the steps, names of the catalog and the plugin beside it: no frames, no SQL."""
    plugins = {path.stem for path in (root / "dags/plugins").glob("*.py")}
    allowed = {"airflow", "pipeline", "catalog", *plugins, *sys.stdlib_module_names} - {"sqlite3"}
    airflows = {  # what Airflow itself is made of
        "dags/plugins/pages.py": {"fastapi", "starlette"},
        "dags/plugins/engineers.py": {"sqlalchemy"},
    }
    dags = {path: names for path, names in imports.items() if path.parts[0] == "dags"}
    assert dags
    for path, names in dags.items():
        assert {name.split(".")[0] for name in names} <= allowed | airflows.get(str(path), set()), path


def test_only_dags_import_airflow(imports):
    users = {path.parts[0] for path, names in imports.items() if any(name.split(".")[0] == "airflow" for name in names)}
    assert users == {"dags"}


def test_only_the_settings_read_the_environment(used):
    """pipeline/demo.py reads nothing from it, but hands it on to the Airflow it starts."""
    readers = {str(p) for p, names in used.items() if names & {"os.environ", "os.getenv", "os.environb", "os.putenv"}}
    assert readers - {"pipeline/demo.py"} == {"pipeline/settings.py"}


def test_only_pipeline_asks_for_the_time(called):
    """A transform, a check, a loader, a DAG is given the time; a clock as a default argument may be handed over."""
    asking = {str(path) for path, names in called.items() if names & CLOCKS and path.parts[0] != "pipeline"}
    # What these two stamp or compare is no fact of a delivery: a migration's time, the age of a killed run's files.
    assert asking <= {"warehouse/migrate.py", "warehouse/archive.py"}


def test_only_serving_may_open_connections(imports):
    for path, names in imports.items():
        if path.parts[0] != "serving":
            assert not {n for n in names for m in NETWORK if n == m or n.startswith(f"{m}.")}, path
