"""Airflow plugin: the quality report (质量报告) in Airflow's pages, and files that go back to the counties (反馈).

`<home>/pages` and `<home>/feedback` can be read at `/daibiao/pages/…` and `/daibiao/feedback/…` by whoever has signed
in to Airflow, and by nobody else; nothing can be written. A page is shown, any other file is handed over as a download.
The web part is made at the first request: every process of Airflow loads its plugins, and few of them serve pages.
"""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

PREFIX = "/daibiao"
FOLDERS = ("pages", "feedback")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SIGN_IN = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>请先登录</title>
<body style="font: 16px/1.7 sans-serif; max-width: 32em; margin: 3em auto; padding: 0 1em">
<h1 style="font-size: 20px">请先登录</h1>
<p>这一页只给有 Airflow 账号的人看。<a href="{login}">登录</a>后会回到这里；没有账号的，请找数据工程师开通。</p>
"""


def build_app() -> FastAPI:
    """Return the application that serves the two folders to those who have signed in."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.core_api.security import get_user
    from fastapi import Depends, FastAPI, HTTPException, Request
    from fastapi.responses import FileResponse, HTMLResponse, Response
    from starlette.exceptions import HTTPException as AnyHTTPException

    app = FastAPI(title="daibiao", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    @app.get("/{folder}/{name:path}", dependencies=[Depends(get_user)], response_model=None)
    def serve(folder: str, name: str) -> Response:
        path = find(folder, name)
        if path is None:
            raise HTTPException(404, "没有这个文件：可能还没有发布，或者已被清理。(No such file.)")
        if path.suffix == ".html":  # read at once: the latest page may be replaced meanwhile
            return HTMLResponse(path.read_bytes(), headers=HEADERS)
        return FileResponse(path, media_type="application/octet-stream", filename=path.name, headers=HEADERS)

    @app.exception_handler(AnyHTTPException)
    def refuse(request: Request, error: AnyHTTPException) -> Response:
        if error.status_code not in {401, 403}:
            return HTMLResponse(escape(str(error.detail)), error.status_code, headers=HEADERS)
        login = get_auth_manager().get_url_login(next_url=request.url.path)
        page = SIGN_IN.format(login=escape(login))
        return HTMLResponse(page, error.status_code, headers=HEADERS)

    return app


def find(folder: str, name: str) -> Path | None:
    """Return the file of that name in one of the folders; None for whatever lies elsewhere, is hidden or is no file."""
    from pipeline import Settings

    if folder not in FOLDERS or "\0" in name or any(part.startswith(".") for part in name.split("/")):
        return None
    root = getattr(Settings.read(), folder).resolve()
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except OSError:  # a name that no disk takes, a folder that may not be read
        return None


@cache
def _app() -> FastAPI:
    return build_app()


async def serve_when_asked(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with the application, which the first one makes."""
    await _app()(scope, receive, send)


class PagesPlugin(AirflowPlugin):
    """Registers the files, and 质量报告 among Airflow's own pages."""

    name = "daibiao_pages"
    fastapi_apps: ClassVar = [{"app": serve_when_asked, "url_prefix": PREFIX, "name": "daibiao pages"}]
    external_views: ClassVar = [
        {
            "name": "质量报告",
            "href": f"{PREFIX.lstrip('/')}/pages/quality/latest.html",
            "destination": "nav",
            "url_route": "quality-report",
            "nav_top_level": True,
        }
    ]
