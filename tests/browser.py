"""A real browser for the tests: the system's Chromium, driven by Playwright, and axe to find what keeps people out.

    with serving(app) as origin, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{origin}/gallery")
        assert findings(page) == []

Where there is no Chromium, `chromium` skips the test and says so; where axe was not installed (`make peers`), `findings` does.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "interop" / "node" / "node_modules" / "axe-core" / "axe.min.js"
# Without the latter flags Chromium looks for its maker's servers at every start; root needs the first.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_READY_SECONDS = 60.0
_RUNNING: list[Playwright] = []


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine; give its origin, such as ``http://localhost:41873``."""
    server = uvicorn.Server(uvicorn.Config(app, host="localhost", port=0, log_level="warning", lifespan="auto"))
    ready = threading.Event()
    thread = threading.Thread(target=_run, args=(server, ready), daemon=True)
    thread.start()
    assert ready.wait(_READY_SECONDS), "the server did not start"
    assert server.started, "the server ended before it had started"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        thread.join(_READY_SECONDS)


def _run(server: uvicorn.Server, ready: threading.Event) -> None:
    startup = server.startup

    async def startup_and_tell(sockets: Any = None) -> None:
        try:
            await startup(sockets)
        finally:
            ready.set()

    server.startup = startup_and_tell  # type: ignore[method-assign]
    try:
        server.run()
    finally:
        ready.set()


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Start Chromium, with further flags if need be."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install the package chromium")
    with _playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def _playwright() -> Iterator[Playwright]:
    """Start Playwright, or join the one that runs: it refuses to be started twice in one thread."""
    if _RUNNING:
        yield _RUNNING[-1]
        return
    with sync_playwright() as started:
        _RUNNING.append(started)
        try:
            yield started
        finally:
            _RUNNING.clear()


def findings(page: Page) -> list[str]:
    """Return what axe finds on a page as it is now: the rule, and the elements that break it."""
    if not AXE.exists():
        pytest.skip("axe is not installed: make peers")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(f"axe.run(document, {{runOnly: {_RULES}}})")
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:200] for node in found['nodes']]}"
        for found in result["violations"]
    ]
