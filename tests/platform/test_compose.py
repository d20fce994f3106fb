"""docker-compose.yml against the tree and the installed Airflow: no Docker engine is needed."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REQUIRED = {
    "POSTGRES_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_SECRET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_ADMIN_PASSWORD",
    "DAIBIAO_MASK_KEY",
}
AIRFLOW = Path(importlib.util.find_spec("airflow").submodule_search_locations[0])

# Parses each argument list as the command line would; prints those it refuses.
PARSE = """
import contextlib, io, json, sys
from airflow.cli.cli_parser import get_parser
parser = get_parser()
refused = []
for argv in json.loads(sys.stdin.read()):
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            parser.parse_args(argv)
    except SystemExit:
        refused.append(argv)
print(json.dumps(refused))
"""


def airflow_services(compose):
    return {name: service for name, service in compose["services"].items() if name.startswith("airflow-")}


def airflow_commands(compose):
    """Every airflow command line in the file: commands, scripts and health checks."""
    found = []
    for service in airflow_services(compose).values():
        check = service.get("healthcheck", {}).get("test", [])
        if "entrypoint" in service:
            lines = [line for text in service["command"] for line in text.splitlines()]
            found += [shlex.split(line)[1:] for line in lines if line.startswith("airflow ")]
        else:
            found.append(service["command"])
        if check[1:2] == ["airflow"]:
            found.append(check[2:])
    return found


def refused_by_airflow(commands, home):
    environment = os.environ | {"AIRFLOW_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", PARSE],
        input=json.dumps(commands),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_airflow_knows_every_command(compose, tmp_path):
    commands = airflow_commands(compose)
    assert {argv[0] for argv in commands} == {
        "api-server", "scheduler", "dag-processor", "triggerer", "db", "pools", "jobs",
    }  # fmt: skip
    assert refused_by_airflow([*commands, ["webserver"]], tmp_path) == [["webserver"]]


def test_services_are_those_of_airflow_3_on_postgresql(compose):
    assert set(compose["services"]) == {
        "postgres",
        "airflow-init",
        "airflow-apiserver",
        "airflow-scheduler",
        "airflow-dag-processor",
        "airflow-triggerer",
    }
    for name, service in airflow_services(compose).items():
        assert service["environment"]["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor", name


def test_long_running_services_have_health_checks_and_restart(compose):
    for name, service in compose["services"].items():
        assert service["logging"]["options"]["max-size"], name
        if name == "airflow-init":
            assert service["restart"] == "no"
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_airflow_knows_every_setting(compose):
    known = yaml.safe_load((AIRFLOW / "config_templates/config.yml").read_text())
    for service in airflow_services(compose).values():
        for name in service["environment"]:
            if name.startswith("AIRFLOW__"):
                _, section, key = name.lower().split("__")
                assert key in known[section]["options"], name


def test_health_check_addresses_exist(compose):
    tests = {name: " ".join(s["healthcheck"]["test"]) for name, s in compose["services"].items() if "healthcheck" in s}
    api = yaml.safe_load((AIRFLOW / "api_fastapi/core_api/openapi/v2-rest-api-generated.yaml").read_text())
    path = re.search(r"http://localhost:8080(/[^']+)", tests["airflow-apiserver"])[1]
    assert "get" in api["paths"][path]

    config = yaml.safe_load((AIRFLOW / "config_templates/config.yml").read_text())["scheduler"]["options"]
    port, path = re.search(r"http://localhost:(\d+)(/[^']+)", tests["airflow-scheduler"]).groups()
    assert port == config["scheduler_health_check_server_port"]["default"]
    assert f'self.path == "{path}"' in (AIRFLOW / "utils/scheduler_health.py").read_text()


def test_mounted_paths_exist(compose, root):
    sources = {v.rsplit(":", 2)[0] for s in airflow_services(compose).values() for v in s["volumes"] if v[0] == "."}
    assert sources == {"./dags", "./catalog"}
    assert [source for source in sources if not (root / source).is_dir()] == []


def test_named_volumes_are_declared(compose):
    for service in compose["services"].values():
        for volume in service["volumes"]:
            name = re.sub(r"\$\{\w+:-(\w+)\}", r"\1", volume).split(":")[0]
            assert name.startswith("./") or name in compose["volumes"], volume


def test_every_variable_is_in_the_example(root, example):
    text = (root / "docker-compose.yml").read_text()
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    settings = set(re.findall(r'"(DAIBIAO_\w+)"', (root / "pipeline/settings.py").read_text()))
    # Compose itself reads the project's name.
    assert used | settings | {"COMPOSE_PROJECT_NAME"} == set(example)


def test_secrets_have_no_default_and_are_required(root, example):
    text = (root / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == REQUIRED
    assert {name: example[name] for name in REQUIRED} == dict.fromkeys(REQUIRED, "")


def test_defaults_agree_with_the_example(root, example):
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", (root / "docker-compose.yml").read_text()))
    assert defaults == {name: example[name] for name in defaults}


def test_init_makes_the_writers_pool_with_one_slot(compose):
    assert ["pools", "set", "warehouse_writer", "1", "仓库写入，一次一个"] in airflow_commands(compose)


def test_init_sets_the_administrators_password_and_keeps_the_others(compose, tmp_path):
    script = compose["services"]["airflow-init"]["command"][0]
    code = re.search(r"<<'PYTHON'\n(.*)\nPYTHON", script, re.DOTALL)[1]
    file = tmp_path / "passwords.json"
    environment = os.environ | {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(file),
        "AIRFLOW_ADMIN_PASSWORD": 'new"$ word',
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert json.loads(file.read_text()) == {"admin": 'new"$ word'}
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text('{"admin": "old", "dudao": "kept"}')
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert json.loads(file.read_text()) == {"admin": 'new"$ word', "dudao": "kept"}


@pytest.fixture
def docker_compose(root, example, tmp_path):
    """Run `docker-compose config` on a copy, with the given variables beside the example's."""
    if not shutil.which("docker-compose"):
        pytest.skip("docker-compose is not installed")
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(root / name, tmp_path)

    def run(**given):
        values = example | given
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
        clean = {name: value for name, value in os.environ.items() if name not in values}
        return subprocess.run(
            ["docker-compose", "config"], cwd=tmp_path, env=clean, capture_output=True, text=True, check=False
        )

    return run


def test_docker_compose_reads_the_file(docker_compose):
    done = docker_compose(**dict.fromkeys(REQUIRED, "s3cret"))
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    connection = services["airflow-scheduler"]["environment"]["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert connection == "postgresql+psycopg2://airflow:s3cret@postgres/airflow"


def test_data_may_live_in_a_folder_of_the_host(docker_compose):
    done = docker_compose(**dict.fromkeys(REQUIRED, "s3cret"), DAIBIAO_VOLUME="/srv/daibiao")
    assert done.returncode == 0, done.stderr
    assert "/srv/daibiao:/data" in done.stdout or "source: /srv/daibiao" in done.stdout


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_a_missing_secret_is_named(docker_compose, missing):
    done = docker_compose(**dict.fromkeys(REQUIRED - {missing}, "s3cret"))
    assert done.returncode != 0
    assert f"请在 .env 中设置 {missing}" in done.stderr
