"""What every page must have, whoever reads it and whatever it says."""

import re
from functools import lru_cache
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TYPED = {"text", "search", "email", "url", "tel", "password"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
}
NOT_STORED = "max-age=0, no-cache, no-store, must-revalidate, private"


class Element:
    """A tag with its attributes, the elements that it stands in, and its text so far."""

    def __init__(self, tag, attributes, parents):
        self.tag, self.attributes, self.parents = tag, dict(attributes), parents
        self.inside, self.text = [], ""

    def __getitem__(self, name):
        return self.attributes.get(name) or ""

    @property
    def shown(self):
        """What a screen reader says for it: its own label, else its text and that of its pictures."""
        alts = "".join(element["alt"] + element["aria-label"] for element in self.inside)
        return (self["aria-label"] or self.text or alts).strip()


class Page(HTMLParser):
    """The elements of a page, in their order."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, attributes, list(self.open))
        self.elements.append(element)
        for parent in self.open:
            parent.inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in {element.tag for element in self.open}:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        for element in self.open:
            element.text += data

    def all(self, *tags):
        return [element for element in self.elements if element.tag in tags]

    def shown(self, *tags):
        """Those that are not hidden from everybody."""
        return [each for each in self.all(*tags) if not any("hidden" in at.attributes for at in (each, *each.parents))]

    def control(self, name):
        """What stands in the control of that name: the value of a field, the text of a text area."""
        (element,) = [element for element in self.all("input", "textarea", "select") if element["name"] == name]
        return element.text.removeprefix("\n") if element.tag == "textarea" else element["value"]


@lru_cache(maxsize=1)
def read(text):
    """The page; reading it takes longest of all that is asked of it, and everything is asked of one page in turn."""
    return Page(text)


def faults(text, *, language):
    """What is wrong with the page, in words; `language` is what its reader reads."""
    page = read(text)
    return [*_structure(page, language), *_names(page), *_labels(page), *_safety(page)]


def _structure(page, language):
    langs = [element["lang"] for element in page.all("html")]
    if langs != [language]:
        yield f"the language is {langs}"
    titles = [element.text for element in page.all("title") if not _within(element, "svg")]
    if len(titles) != 1 or not re.fullmatch(r"\S.* - Allyship", titles[0]):
        yield f"the title is {titles}"
    headings = [element.shown for element in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"the first heading is {headings}"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main parts"
    if len([element for element in page.all("header") if not _within(element, "main")]) != 1:
        yield "not one header"
    for nav in page.all("nav"):
        if not nav["aria-label"] + nav["aria-labelledby"]:
            yield "a navigation without a name"


def _within(element, tag):
    return tag in {parent.tag for parent in element.parents}


def _names(page):
    ids = [element["id"] for element in page.elements if "id" in element.attributes]
    yield from (f"the id {name!r} stands twice or is empty" for name in set(ids) if ids.count(name) > 1 or not name)
    for element in page.elements:
        named = [name for attribute in REFERENCES for name in element[attribute].split()]
        if element.tag in {"a", "use"} and element["href"].startswith("#"):
            named.append(element["href"][1:])
        yield from (f"<{element.tag}> names {name!r}, which is not there" for name in named if name not in ids)


def _labels(page):
    labelled = {label["for"] for label in page.all("label") if label.shown}
    for control in page.shown("input", "select", "textarea"):
        wrapped = any(parent.tag == "label" and parent.shown for parent in control.parents)
        named = control["aria-label"] or control["aria-labelledby"] or control["id"] in labelled or wrapped
        if not named and control["type"] not in {"hidden", "submit"}:
            yield f"the field {control['name']!r} has no label"
    for control in page.shown("input"):
        if control["type"] == "submit" and not control["value"]:
            yield "a submit button without a text"
    for element in page.shown("button", "a", "summary", "legend", "label"):
        if not (element.shown or element["aria-labelledby"]):
            yield f"a <{element.tag}> without a text"
    for group in page.shown("fieldset"):
        if "legend" not in {element.tag for element in group.inside}:
            yield "a group of fields without a legend"
    yield from ("a picture without a text" for picture in page.shown("img") if "alt" not in picture.attributes)


def _safety(page):
    for form in page.all("form"):
        names = {element["name"] for element in form.inside}
        if form["method"].lower() == "post" and "csrfmiddlewaretoken" not in names:
            yield f"a form to {form['action']!r} without a token"
        if form["method"].lower() != "post" and "csrfmiddlewaretoken" in names:
            yield f"a form to {form['action']!r} puts its token into the address"
    for element in page.elements:
        inline = element.tag == "style" or (
            element.tag == "script" and not element["src"] and element["type"] != "application/json"
        )
        handlers = [name for name in element.attributes if name.startswith("on") or name == "style"]
        if inline or handlers:
            yield f"<{element.tag}> carries a style or a script of its own, which the browser is told to refuse"


def text_fields(text):
    """The names of all fields into which somebody types a text."""
    page = read(text)
    typed = [element for element in page.all("input") if (element["type"] or "text") in TYPED]
    return {element["name"] for element in [*typed, *page.all("textarea")]}


def missing_headers(response, *, signed_in, no_referrer=False):
    """The security headers that an answer lacks, with what stands there instead."""
    expected = HEADERS | ({"Cache-Control": NOT_STORED} if signed_in or no_referrer else {})
    expected |= {"Referrer-Policy": "no-referrer"} if no_referrer else {}
    return {name: response.get(name) for name, value in expected.items() if response.get(name) != value}
