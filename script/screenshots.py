"""Pictures of the app for README.md, or of every page for a review, on a demo of its own (script/screenshots)."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_WITHIN = 300  # seconds
WORKER, SUPERVISOR, IN_FRENCH = "worker", "supervisor", "en français"
PHONE = ViewportSize(width=360, height=740)
DESK, LARGE_DESK = ViewportSize(width=1000, height=680), ViewportSize(width=1280, height=900)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_PAGE = re.compile(r"/(?:static|accounts/logout)/|\.\w+$|/(?:healthz|readyz)$")

type Scheme = Literal["light", "dark"]


class Demo:
    """A running server with demo data: its address, and the sign-ins that it printed."""

    def __init__(self, address: str, said: str) -> None:
        self.address = address
        self.password = re.findall(r"with the password (\S+)", said)[0]
        self.sign_ins = dict(re.findall(r"^  (\S.*?)\s{2,}(\S+@\S+)$", said, re.MULTILINE))

    def signed_in(self, browser: Browser, role: str, size: ViewportSize, scheme: Scheme = "light") -> Page:
        page = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()
        page.goto(f"{self.address}/accounts/login/")
        page.fill("input[name=login]", self.sign_ins[role])
        page.fill("input[name=password]", self.password)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{self.address}/")
        return page


@contextmanager
def demo() -> Iterator[Demo]:
    """The app as script/server runs it, on a free port and in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="allyship-screenshots-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)  # PostgreSQL runs as a user of its own where we are root
        port = free_port()
        ours = {"DATABASE_URL", "VALKEY_URL", "MAIL_URL", "SITE_URL", "STATIC_ROOT"}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        log = Path(home) / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "serve"],
                env=environment | {"ALLYSHIP_HOME": home, "PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Demo(f"http://127.0.0.1:{port}", said_when_ready(server, log))
        finally:
            server.terminate()
            server.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def said_when_ready(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        said = log.read_text()
        if "Ctrl-C ends it." in said:
            return said
        time.sleep(0.2)
    raise SystemExit(f"The demo did not start:\n{log.read_text()}")


def for_readme(demo: Demo, browser: Browser, folder: Path) -> None:
    """Home, log, dashboard and summary, on a phone and at a desk; the summary on a phone is in French."""
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        page = demo.signed_in(browser, WORKER, size)
        take(page, folder / f"home-{name}.png")
        follow(page, "nav a[href='/log/']")
        follow(page, "main a[href*='/log/new/']")
        take(page, folder / f"log-{name}.png")
        page = demo.signed_in(browser, SUPERVISOR, size)
        to_first_team(page)
        follow(page, "main a[href$='/dashboard/']")
        follow(page, ".presets a:not([aria-current])")  # the period before: this one may only have begun
        show(page, "main figure" if size is PHONE else "#headline")
        take(page, folder / f"dashboard-{name}.png")
        page = demo.signed_in(browser, IN_FRENCH if size is PHONE else SUPERVISOR, size)
        to_first_team(page)
        follow(page, "main a[href$='/summaries/']")
        follow(page, "main a[href^='/summaries/']")
        show(page, "main h2")
        take(page, folder / f"summary-{name}.png")


def to_first_team(page: Page) -> None:
    """Readers with one team are led there from the list, the others choose."""
    follow(page, "nav a[href='/teams/']")
    if page.url.endswith("/teams/"):
        follow(page, "main a[href^='/teams/']")


def follow(page: Page, selector: str) -> None:
    page.goto(urljoin(page.url, page.locator(selector).first.get_attribute("href") or ""))


def show(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate("element => element.scrollIntoView()")


def take(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=path)


def of_every_page(demo: Demo, browser: Browser, folder: Path) -> None:
    """For a worker and a supervisor, in both languages, on a phone and at a desk, light and dark."""
    schemes: tuple[Scheme, Scheme] = ("light", "dark")
    for role in (WORKER, SUPERVISOR):
        found = pages(demo.signed_in(browser, role, LARGE_DESK), demo)
        for size, scheme in product((PHONE, LARGE_DESK), schemes):
            page = demo.signed_in(browser, role, size, scheme)
            for language in ("fr", "en"):  # her account keeps the last one
                speak(page, language)
                for name, address in found.items():
                    page.set_viewport_size(size)
                    page.goto(address)
                    height = page.evaluate("document.documentElement.scrollHeight")
                    page.set_viewport_size(ViewportSize(width=size["width"], height=height))
                    take(page, folder / f"{role}-{language}-{size['width']}-{scheme}-{name}.png")
            page.context.close()


def speak(page: Page, language: str) -> None:
    """Press the page's own button where it speaks the other language."""
    if not (page.get_attribute("html", "lang") or "").startswith(language):
        with page.expect_navigation():
            page.locator(f"header .language button[value={language}]").click()


def pages(page: Page, demo: Demo) -> dict[str, str]:
    """Every page that links lead to, by name; of those that differ in an id or a query only, the first."""
    found = {"home": f"{demo.address}/"}
    waiting = list(found.values())
    while waiting:
        page.goto(waiting.pop(0))
        for address in addresses(page):
            parts = urlsplit(address)
            name = UUID.sub("id", parts.path).strip("/").replace("/", "-") or "home"
            ours = address.startswith(f"{demo.address}/") and not NO_PAGE.search(parts.path)
            if ours and name not in found:
                found[name] = address
                waiting.append(address)
    return found


def addresses(page: Page) -> list[str]:
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [urljoin(page.url, link).partition("#")[0] for link in links]


def main() -> None:
    parser = ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="a picture of every page instead, into this folder")
    parser.add_argument("--into", type=Path, metavar="DIR", default=ROOT / "docs/screenshots", help="another folder")
    chosen = parser.parse_args()
    with demo() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=QUIET)
        if chosen.all:
            of_every_page(running, browser, chosen.all)
        else:
            for_readme(running, browser, chosen.into)
        browser.close()


if __name__ == "__main__":
    main()
