import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from actions.models import Practice
from allyship.offline import FILES, _script

OFFLINE, SCRIPT = reverse("offline"), reverse("service_worker")


@pytest.fixture(autouse=True)
def drawn_anew():
    _script.cache_clear()


def values(client):
    return json.loads(re.search(r"= (\{.*\});", client.get(SCRIPT).text)[1])


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Waiting on this device"), ("fr", "En attente sur cet appareil")]
)
def test_page_is_the_same_for_everybody(client, alice, language, title):
    before = client.get(OFFLINE, {"language": language}).content
    client.force_login(alice)
    page = client.get(OFFLINE, {"language": language})

    assert page.content == before
    assert f"<h1>{title}</h1>" in page.text
    assert page.text.count("<option ") == Practice.objects.count() + 1


def test_files_that_the_page_asks_for_are_kept(client, db):
    asked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get(OFFLINE).text))
    scripts = [Path(finders.find(name)) for name in FILES if name.endswith(".js")]
    imported = {
        (path.parent / found).resolve() for path in scripts for found in re.findall(r'from "([^"]+)"', path.read_text())
    }

    assert asked <= set(values(client)["files"])
    assert imported <= {path.resolve() for path in scripts}


def test_what_is_kept_is_found_without_a_session_and_says_nothing_of_anybody(client, alice):
    kept = values(client)
    assert {client.get(address).status_code for address in kept["pages"].values()} == {200}
    assert set(kept["pages"]) == {"en", "fr"}


def test_a_changed_catalogue_changes_the_script(client, db):
    before = values(client)["version"]
    Practice.objects.filter(agency=None).update(label_en="Another name")
    _script.cache_clear()

    assert values(client)["version"] != before


def test_icons_of_the_manifest_are_there(client, db):
    told = client.get(reverse("manifest")).json()

    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
    assert all(
        finders.find(re.sub(r"\.[0-9a-f]{12}", "", icon["src"].removeprefix("/static/"))) for icon in told["icons"]
    )
