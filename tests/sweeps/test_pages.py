"""The eye that looks at every page sees what it is there to see."""

import pytest

from tests.sweeps.pages import Page, faults, text_fields

SOUND = """<!doctype html>
<html lang="en-ca">
<head><title>Log an action - Allyship</title></head>
<body>
<header><nav aria-label="Main"><a href="/">Home</a></nav></header>
<main id="main">
  <h1>Log an action</h1>
  <form method="post" action="/log/new/">
    <input type="hidden" name="csrfmiddlewaretoken" value="x">
    <fieldset><legend>Who can see it?</legend><label><input type="radio" name="seen"> My team</label></fieldset>
    <label for="id_note">Note</label><textarea id="id_note" name="note" aria-describedby="help">
Typed before</textarea><p id="help">At most 400 characters</p>
    <button hidden></button><button>Save</button>
  </form>
  <img src="/static/picture.svg" alt="">
</main>
</body>
</html>"""


def test_sound_page_has_no_faults():
    assert faults(SOUND, language="en-ca") == []


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ('lang="en-ca"', 'lang="fr-ca"', "the language is ['fr-ca']"),
        ("<title>Log an action - Allyship", "<title> - Allyship", "the title is [' - Allyship']"),
        ("<title>Log an action - Allyship", "<title>Log an action", "the title is ['Log an action']"),
        ("<h1>Log an action</h1>", "", "the first heading is []"),
        ("<h1>Log an action</h1>", "<h1>Log</h1><h1>it</h1>", "the first heading is ['Log', 'it']"),
        ("<main", "<main></main><main", "2 main parts"),
        (' aria-label="Main"', "", "a navigation without a name"),
        ("header>", "div>", "not one header"),
        ('<p id="help">', '<p id="main">', "the id 'main' stands twice or is empty"),
        ('<p id="help">', "<p>", "<textarea> names 'help', which is not there"),
        ("My team", "", "a <label> without a text"),
        ('<label for="id_note">', '<label for="main">', "the field 'note' has no label"),
        ("<legend>Who can see it?</legend>", "", "a group of fields without a legend"),
        (">Save<", "><", "a <button> without a text"),
        (">Home<", "><", "a <a> without a text"),
        (' alt=""', "", "a picture without a text"),
        ("csrfmiddlewaretoken", "token", "a form to '/log/new/' without a token"),
        ('method="post"', "", "a form to '/log/new/' puts its token into the address"),
        ("<h1>", '<h1 style="color: red">', "<h1> carries a style or a script of its own"),
        ("<h1>", '<h1 onclick="go()">', "<h1> carries a style or a script of its own"),
        ("<h1>", "<script>go()</script><h1>", "<script> carries a style or a script of its own"),
    ],
)
def test_fault_of_a_page_is_seen(sound, broken, fault):
    found = faults(SOUND.replace(sound, broken), language="en-ca")

    assert [each for each in found if each.startswith(fault)] != []


def test_text_fields_and_what_stands_in_them_are_found():
    assert text_fields(SOUND + '<input name="q"><input type="date" name="day">') == {"note", "q"}
    assert Page(SOUND).control("note") == "Typed before"
