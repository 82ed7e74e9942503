import pytest
from django.core.management import CommandError, call_command

from actions.models import AllowedText


def allowed(agency):
    return sorted(AllowedText.objects.filter(agency=agency).values_list("text", flat=True))


def test_texts_are_allowed_once_and_listed(agency, other_team, capsys):
    call_command("allow_text", agency.slug, "416-555-0199", " Maison Kowalski ")
    call_command("allow_text", agency.slug, "416-555-0199")

    assert allowed(agency) == ["416-555-0199", "Maison Kowalski"]
    assert allowed(other_team.agency) == []
    assert capsys.readouterr().out.splitlines()[-2:] == ["416-555-0199", "Maison Kowalski"]


def test_text_is_no_longer_allowed(agency):
    call_command("allow_text", agency.slug, "one", "two")
    call_command("allow_text", agency.slug, "one", "--remove")

    assert allowed(agency) == ["two"]


@pytest.mark.parametrize("texts", [["good", ""], ["good", "x" * 81]])
def test_text_that_is_none_changes_nothing(agency, texts):
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("allow_text", agency.slug, *texts)

    assert allowed(agency) == []


def test_unknown_agency_is_named(db):
    with pytest.raises(CommandError, match="short name “nowhere”"):
        call_command("allow_text", "nowhere", "one")
