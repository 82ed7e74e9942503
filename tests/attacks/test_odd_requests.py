"""Requests that no browser sends: odd methods and headers, NUL, broken UTF-8, bodies that are too large or none.

Every address is asked as somebody whom it lets in. Whatever comes, the answer is no error of ours, and what is refused
has written nothing.
"""

import itertools

from django.conf import settings
from django.urls import reverse

from tests.attacks.attacker import FORM, doors
from tests.sweeps.table import GET, POST
from tests.sweeps.test_forms import FORMS

ODD = [
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "9" * 40,
    "-1",
    "0001-01-01",
    "9999-12-31",
    "%E2%80%AE%CC%81",
    "1e999",
    "%C2%B2",
    "",
]
# Names that some page reads from a query, or some form from a body.
QUERIES = """
q first last team person action initiative practice community kind level direction heard_back service_system acting page
sort table prompt year role barrier next hl language saved how on into told waits notes
"""
FIELDS = """
name email login password password1 password2 oldpassword code credential addresses teams team note partners title aim
outside resources communities done_on visibility hours dollars answer outcome need in_the_way to text key version over
seen confirmed label_en label_fr rolls_up_to starts_on ends_on text_months hold_reason grace_days least_actions
time_zone cadence came_of_it will_try default_visibility lasts dropped_because renegotiated_to agreed_with review_on
status due_on related relation prompt _address _typed _writer
"""
MULTIPART = "multipart/form-data; boundary=x"
# What else can stand in a body, with the type that is claimed for it.
BODIES = {
    "invalid UTF-8 and NUL": (b"note=\xff\x00\xfe&text=\xed\xa0\x80&name=\x00&key=\x00&code=\x00&email=\x00", FORM),
    "another encoding": (b"note=a", f"{FORM}; charset=utf-7"),
    "an encoding that is none": (b"note=a", f"{FORM}; charset=nonsense"),
    "a thousand and one parameters": (b"&".join(b"n%d=1" % n for n in range(1001)), FORM),
    "one parameter a thousand times": (b"&".join([b"team=1"] * 999), FORM),
    "3 MB in one field": (b"note=" + b"a" * 3 * 2**20, FORM),
    "JSON": (b'{"note": {"$ne": null}, "__proto__": 1}', "application/json"),
    "XML that reads a file": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "nothing, of no type": (b"", ""),
    "multipart without parts": (b"", MULTIPART),
    "multipart that ends in a header": (b'--x\r\nContent-Disposition: form-data; name="note', MULTIPART),
    "multipart without a boundary": (b"--x\r\n", "multipart/form-data"),
    "multipart in a transfer encoding": (
        b'--x\r\nContent-Disposition: form-data; name="note"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--',
        MULTIPART,
    ),
    "a file for a text": (
        b'--x\r\nContent-Disposition: form-data; name="note"; filename="../../a\x00.py"\r\n\r\na\r\n--x--',
        MULTIPART,
    ),
    "a part with a part": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n--x--',
        MULTIPART,
    ),
}
RECEIVE = "/log/waiting/0a0b0c0d-0000-4000-8000-000000000001/"
OVERRIDES = {"X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "POST", "X-Method-Override": "PUT"}


def odd(names, n):
    """A query in which each name has another odd value, and in the next one the next."""
    return "&".join(f"{name}={ODD[(at + n) % len(ODD)]}" for at, name in enumerate(names.split()))


def test_odd_query_breaks_no_page(attacker):
    wrong = {}
    for n, (role, row) in enumerate(doors(GET)):
        strike = attacker.strike(role, "get", f"{attacker.address(row)}?{odd(QUERIES, n)}")
        if strike.fault or strike.written:
            wrong[str(row)] = strike.fault or strike.written

    assert wrong == {}


def test_odd_value_of_one_filter_breaks_no_list(attacker):
    """One at a time, since a form that refuses one looks at no other."""
    wrong = {}
    by_name = {str(row): row for _, row in doors(GET)}
    lists = [(name, form) for name, form in FORMS.items() if name.endswith("Filter") and form.at]
    for name, form in lists:
        address = attacker.address(by_name[form.at[0]]).split("?")[0]
        for n, key in enumerate((*attacker.form_of(name).fields, "page", "sort")):
            for value in (
                (*ODD[n % 6 :: 6], "0001-01-01", "9999-12-31") if key in {"first", "last"} else ODD[n % 6 :: 6]
            ):
                strike = attacker.strike(form.reader, "get", f"{address}?{key}={value}&all=1")
                if strike.fault:
                    wrong[name, key, value] = strike.fault

    assert lists != []
    assert wrong == {}


def test_odd_path_breaks_no_page(attacker):
    wrong = {}
    paths = ["/%00", "/%ff", "//evil.example/", "/..%2f..%2fetc/passwd", "/static/..%2f..%2fmanage.py", "/%E2%80%AE/"]
    for row in {
        row.name: row for _, row in doors(GET) if "token" in row.literals or row.object.endswith("_link")
    }.values():
        before, after = attacker.address(row).split(
            str(row.literals.get("token") or attacker.world.objects[row.object])
        )
        paths += [
            f"{before}{text}{after}" for text in ("%00", "%ff", "a" * 5000, "%3A%3A", "%E2%84%AA", "....", ":a:b")
        ]
    paths += [
        f"/agency/terms/{'9' * 30}/communities/name/",
        "/my/sessions/%00/end/",
        "/agency/allowed/" + "9" * 30 + "/remove/",
    ]
    paths += [reverse("account_reset_password_from_key", args=["zzzz", "a-b"]).replace("zzzz", "%00")]
    for path in paths:
        for role, method in (("anonymous", "get"), ("admin", "get"), ("admin", "post")):
            strike = attacker.strike(role, method, path)
            if strike.fault:
                wrong[role, method, path[:60]] = strike.fault

    assert wrong == {}


def test_odd_body_breaks_no_form(attacker):
    """Each form gets one of the kinds of bodies, in turn."""
    wrong, kinds = {}, itertools.cycle(BODIES)
    for n, (role, row) in enumerate(doors(POST)):
        body = odd(FIELDS, n).replace("&_typed=", "&_no=") if n % 2 else odd(FIELDS, n)
        bodies = {"odd values": (body, FORM)}
        bodies |= {kind: BODIES[kind] for kind in [next(kinds)]}
        for kind, (content, mime) in bodies.items():
            strike = attacker.strike(role, "post", row, content, content_type=mime)
            if strike.fault:
                wrong[str(row), kind] = strike.fault

    assert wrong == {}


def test_no_body_breaks_the_log_nor_what_needs_no_sign_in(attacker):
    world, wrong = attacker.world.objects, {}
    at = {
        "/log/new/": "alice",
        "/my/drafts/": "alice",
        "/accounts/login/": "anonymous",
        "/language/": "anonymous",
        "/agency/imports/new/people/": "admin",
        f"/unsubscribe/{world['reminders_link']}/": "anonymous",
        f"/voice/{world['voice_link']}/": "anonymous",
        f"/join/{world['join_link']}/": "anonymous",
    }
    for kind, (content, mime) in BODIES.items():
        for address, role in at.items():
            strike = attacker.strike(role, "post", address, content, content_type=mime)
            if strike.fault:
                wrong[kind, address] = strike.fault
        strike = attacker.strike("alice", "put", RECEIVE, content, content_type=mime)
        if strike.fault:
            wrong[kind, "put"] = strike.fault

    assert wrong == {}


def test_ten_megabytes_are_refused_unread(attacker):
    body = b"note=" + b"a" * 10 * 2**20
    doors = {"/log/new/": "alice", "/my/reflections/new/": "alice", "/accounts/login/": "anonymous"}
    strikes = {at: attacker.strike(role, "post", at, body, content_type=FORM) for at, role in doors.items()}
    strikes["put"] = attacker.strike("alice", "put", RECEIVE, body)

    assert {at: (strike.status, strike.changed) for at, strike in strikes.items()} == dict.fromkeys(
        strikes, (400, set())
    )


# Methods -----------------------------------------------------------------------------------------------------------


def test_no_header_and_no_parameter_makes_another_method_of_a_get(attacker):
    """Neither does HEAD, nor anything else that forms of other sites, scripts and proxies may claim."""
    wrong = {}
    for role, row in doors(GET):
        address = attacker.address(row)
        overridden = f"{address}{'&' if '?' in address else '?'}_method=DELETE&method=POST&_METHOD=PUT"
        asked = attacker.strike(role, "get", overridden, headers=OVERRIDES)
        head = attacker.strike(role, "head", address)
        expected = {"422": {"422", "200"}}.get(row.cells[role], {row.cells[role]})
        if asked.told not in expected or head.told not in {asked.told, "405"}:
            wrong[str(row)] = (asked.told, head.told)
        if asked.written or head.written:
            wrong[str(row)] = [*asked.written, *head.written]

    assert wrong == {}


def test_options_trace_and_made_up_methods_do_nothing(attacker):
    """Every address is asked by one of them."""
    wrong, methods = {}, itertools.cycle(["OPTIONS", "TRACE", "PROPFIND"])
    for role, row in doors(GET):
        method = next(methods)
        strike = attacker.strike(role, method, row, "", headers={"x-echo": "what a proxy added"})
        is_quiet = strike.status in {200, 302, 403, 404, 405} and not strike.changed
        if not is_quiet or "what a proxy added" in strike.text:
            wrong[method, str(row)] = (strike.status, strike.changed)

    assert wrong == {}


def test_sign_in_pages_do_nothing_by_other_methods(attacker):
    """The sweeps ask all others; these are classes of a library, of which some take PUT for POST."""
    wrong = {}
    for role, row in doors(GET):
        if row.name.startswith(("account_", "mfa_")):
            for method in ("put", "patch", "delete"):
                strike = attacker.strike(role, method, row, b"")
                if strike.fault or strike.changed:
                    wrong[method, str(row)] = strike.fault or strike.changed

    assert wrong == {}


def test_post_that_claims_to_be_a_get_needs_its_token_all_the_same(attacker_with_token):
    claims = dict.fromkeys(OVERRIDES, "GET")
    strike = attacker_with_token.strike(
        "alice", "post", "/my/record/texts/?_method=GET", {"_method": "GET"}, headers=claims
    )

    assert (strike.status, strike.changed) == (403, set())


def test_bodies_above_the_limit_are_those_of_imports_alone():
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 5 * 2**20
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 1000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES == 100
