"""Pages of the plugin are read by whoever has signed in to Airflow, and by nobody else; nothing else can be read."""

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

PAGE = "<!doctype html><title>质量报告</title>"
LATEST = "/daibiao/pages/quality/latest.html"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DAIBIAO_HOME", str(tmp_path))
    (tmp_path / "pages/quality").mkdir(parents=True)
    (tmp_path / "pages/quality/latest.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "pages/quality/.latest.html.7.part").write_text("half", encoding="utf-8")
    (tmp_path / "feedback/兴义市").mkdir(parents=True)
    (tmp_path / "feedback/兴义市/退回 1.xlsx").write_bytes(b"PK")
    (tmp_path / "feedback/兴义市/mark.svg").write_text("<svg><script>1</script></svg>", encoding="utf-8")
    (tmp_path / "mask.key").write_text("secret", encoding="utf-8")
    (tmp_path / "pages/key").symlink_to(tmp_path / "mask.key")
    (tmp_path / "pages-of-others").mkdir()
    (tmp_path / "pages-of-others/a.html").write_text("other", encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def airflow():
    """Airflow's own application with its plugins, and a token of a user who may only look."""
    from airflow.api_fastapi.app import create_app, get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.utils import db
    from fastapi.testclient import TestClient

    db.upgradedb()
    client = TestClient(create_app(apps="core"), follow_redirects=False)
    viewer = SimpleAuthManagerUser(username="look", role="viewer")
    return client, get_auth_manager().generate_jwt(viewer)


@pytest.fixture
def visitor(airflow, home):
    client, _ = airflow
    client.cookies.clear()
    return client


@pytest.fixture
def viewer(visitor, airflow):
    visitor.cookies.set("_token", airflow[1])
    return visitor


def test_who_has_not_signed_in_is_asked_to(visitor):
    answer = visitor.get(LATEST)
    assert answer.status_code == 401
    assert "请先登录" in answer.text
    assert 'href="/auth/login?next=%2Fdaibiao%2Fpages%2Fquality%2Flatest.html"' in answer.text
    assert "质量报告" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_that_is_not_there_is_no_secret_told_to_strangers(visitor):
    assert visitor.get("/daibiao/feedback/none.xlsx").status_code == 401


def test_a_false_token_is_refused(visitor):
    for headers in ({"Authorization": "Bearer nonsense"}, {"Cookie": "_token=nonsense"}):
        assert visitor.get(LATEST, headers=headers).status_code in {401, 403}


def test_who_has_signed_in_reads_the_page(viewer):
    answer = viewer.get(LATEST)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "content-disposition" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_programme_reads_it_with_its_token(visitor, airflow):
    assert visitor.get(LATEST, headers={"Authorization": f"Bearer {airflow[1]}"}).status_code == 200


@pytest.mark.parametrize("name", ["退回 1.xlsx", "mark.svg"])
def test_whatever_is_no_page_is_a_download(viewer, name):
    answer = viewer.get(f"/daibiao/feedback/兴义市/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "/daibiao/pages/../mask.key",
        "/daibiao/pages/%2e%2e/mask.key",
        "/daibiao/pages/..%2fmask.key",
        "/daibiao/pages/quality/..%2f..%2fmask.key",
        "/daibiao/pages/%2e%2e%2fpages-of-others/a.html",
        "/daibiao/pages//etc/passwd",
        "/daibiao/pages/%2fetc%2fpasswd",
        "/daibiao/pages/key",
        "/daibiao/pages/quality",
        "/daibiao/pages/quality/.latest.html.7.part",
        "/daibiao/pages/quality/latest.html%00",
        "/daibiao/pages/quality/%ff",
        "/daibiao/pages/" + "a" * 300,
        "/daibiao/mask.key",
        "/daibiao/releases/x",
        "/daibiao/pages-of-others/a.html",
    ],
)
def test_nothing_else_can_be_read(viewer, path):
    assert viewer.get(path).status_code == 404


@pytest.mark.parametrize("verb", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(viewer, verb, home):
    assert getattr(viewer, verb)(LATEST).status_code == 405
    assert (home / "pages/quality/latest.html").read_text(encoding="utf-8") == PAGE


def test_the_report_stands_among_airflows_pages(viewer):
    plugins = {plugin["name"]: plugin for plugin in viewer.get("/api/v2/plugins").json()["plugins"]}
    (view,) = plugins["daibiao_pages"]["external_views"]
    assert (view["name"], view["destination"], view["url_route"]) == ("质量报告", "nav", "quality-report")
    assert view["href"] == LATEST.lstrip("/")


def test_loading_the_plugin_makes_no_web_application():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'dags/plugins')!r}); import airflow.plugins_manager; "
        "before = set(sys.modules); import pages; heavy = {'fastapi', 'duckdb', 'jinja2', 'airflow.api_fastapi.app'}; "
        "print(sorted((set(sys.modules) - before) & heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "[]"
