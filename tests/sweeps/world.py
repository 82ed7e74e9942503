"""Two agencies with one row of everything, and a text of its own in each, to be found again wherever it is printed.

`build` makes the people and the objects that the table names; `grow` adds two more of every row, so that a page which
asks the database once for each row is found out.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from actions import calendars, departures, initiatives, voices
from actions.models import Action, AllowedText, Community, Departure, Initiative, Practice, Purge, VoiceLink
from reports import protected, summary_notes
from reports.imports import uploads, work
from reports.models import TEXTS, Delivery, ProtectedQuarter, SummaryNote, TeamSummary
from reports.periods import Period
from reports.summaries import close
from teams import closing, invitations, unsubscribing
from teams.invitations import Offer
from teams.models import Agency, Invitation, Role, Team, Worker
from teams.unsubscribing import Series
from teams.visibility import Visibility
from tests.actions.factories import edit_term, make_community, make_draft, make_practice, make_reflection
from tests.factories import (
    PASSWORD,
    make_action,
    make_agency,
    make_ask,
    make_commitment,
    make_initiative,
    make_membership,
    make_own_commitment,
    make_session,
    make_team,
    make_worker,
    practice,
)
from tests.reports.imports.factories import confirm

NOW = "2026-07-20 15:00Z"
QUARTER = Period.parse("2026-04-01", "2026-06-30")
EARLIER = [Period.parse("2026-01-01", "2026-03-31"), Period.parse("2025-10-01", "2025-12-31")]
LONG_BEFORE = Period.parse("2025-07-01", "2025-09-30")
RECENT = date(2026, 7, 6)
INITIATIVE_TEXTS = ["title", "aim", "outside", "resources"]
SELF = {"alice": "herself", "charlie": "himself"}


@dataclass
class World:
    people: dict[str, Worker] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    """Keys of alice's agency, by the names that the table has for them."""
    theirs: dict[str, Any] = field(default_factory=dict)
    """Keys of the same objects in charlie's agency."""
    canaries: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Texts by what the table calls them."""
    foreign: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """Rows that no form may offer alice: of charlie's agency, or of a team of hers that she is not in."""

    def plant(self, what: str) -> str:
        """A text that stands nowhere else."""
        text = f"Canary {next(_number)} end"
        self.canaries[what].append(text)
        return text


_number = count(1001)


def build() -> World:
    """With everybody's names for people as the table has them; dana is a member of Kinship; carla supervises and chief
    administers charlie's.
    """
    world = World()
    world.objects = _agency(world, "alice", "of Alice's agency")
    world.theirs = _agency(world, "charlie", "of Charlie's agency")
    alice, charlie = world.people["alice"], world.people["charlie"]
    intake, theirs = (Team.objects.get(pk=objects["team"]) for objects in (world.objects, world.theirs))
    kinship = make_team(alice.agency, world.plant("the name of Kinship"))
    adoption = make_team(alice.agency, world.plant("the name of the director's second team"))
    for name, agency, roles in [
        ("bob", alice.agency, {}),
        ("sana", alice.agency, {}),
        ("director", alice.agency, {}),
        ("dana", alice.agency, {}),
        ("former", alice.agency, {}),
        ("lead", alice.agency, {"is_equity_lead": True}),
        ("admin", alice.agency, {"is_admin": True}),
        ("analyst", None, {"is_analyst": True}),
        ("operator", None, {"is_operator": True}),
        ("carla", charlie.agency, {}),
        ("chief", charlie.agency, {"is_admin": True}),
    ]:
        _person(world, name, agency, **roles)
    people = world.people
    make_membership(people["bob"], intake)
    make_membership(people["sana"], intake, Role.SUPERVISOR)
    make_membership(people["former"], intake, Role.SUPERVISOR, ends_on=QUARTER.last)
    make_membership(people["dana"], kinship)
    make_membership(people["director"], kinship, Role.SUPERVISOR)
    make_membership(people["director"], adoption, Role.SUPERVISOR)
    make_membership(people["carla"], theirs, Role.SUPERVISOR)
    make_membership(alice, make_team(alice.agency, world.plant("the name of Alice's second team")))
    alice.password = _password()
    alice.save()

    make_action(people["bob"], note=world.plant("a note that Bob shared"), done_on=RECENT)
    make_action(people["bob"], note=world.plant("a note that Bob kept private"), visibility="private", done_on=RECENT)
    at_kinship = make_action(people["dana"], note=world.plant("a note shared at Kinship"), done_on=QUARTER.first)
    make_action(people["dana"], done_on=RECENT)
    for agency in (alice.agency, charlie.agency):
        close(agency=agency, period=QUARTER, now=timezone.now(), mails=False)
    _protect(QUARTER, [alice.agency, charlie.agency])
    for objects in (world.objects, world.theirs):
        objects["summary"] = TeamSummary.objects.get(team=objects["team"]).pk
    for objects, supervisor in ((world.objects, people["sana"]), (world.theirs, people["carla"])):
        objects["mail"] = _given_up(objects["summary"], supervisor).pk
    for objects, admin in ((world.objects, people["admin"]), (world.theirs, people["chief"])):
        objects.update(_imports(world, admin))
    world.objects |= _asks(world, alice, "of Alice's agency", supervisor=people["sana"], lead=people["lead"])
    world.theirs |= _asks(world, charlie, "of Charlie's agency", supervisor=people["carla"], lead=people["carla"])
    world.objects["kinship"] = kinship.pk
    world.objects["kinship_action"] = at_kinship.pk
    world.objects["kinship_summary"] = TeamSummary.objects.get(team=kinship).pk
    _notes(world, intake, "Alice's agency", by=people["sana"])
    _notes(world, theirs, "Charlie's agency", by=people["carla"])
    _notes(world, kinship, "Kinship", by=people["director"])
    joint = {key: world.plant("the words of a joint initiative") for key in INITIATIVE_TEXTS}
    at_both = make_initiative(people["lead"], partners=[charlie.agency], **joint)
    make_action(alice, initiative=at_both, done_on=RECENT)
    make_action(people["dana"], initiative=at_both, done_on=RECENT)
    make_action(charlie, initiative=at_both, done_on=RECENT)
    for said in ("yes", "yes", "partly", "no", "no"):
        voices.answer(voices.make_link(at_both, days=30, now=timezone.now()), said, now=timezone.now())
    world.objects["joint"] = at_both.pk
    world.objects |= _run(world, world.objects, people["admin"])
    world.theirs |= _run(world, world.theirs, people["carla"])
    world.foreign[Initiative] = [Initiative.objects.get(pk=world.theirs["initiative"])]
    world.foreign[Team] = [theirs, kinship]
    world.foreign[Practice] = [Practice.objects.get(agency=charlie.agency)]
    world.foreign[Worker] = [charlie, people["carla"]]
    world.foreign[Action] = list(Action.objects.exclude(author=alice))
    world.foreign[Community] = [Community.objects.get(agency=charlie.agency)]
    return world


def _run(world: World, objects: dict[str, Any], admin: Worker) -> dict[str, Any]:
    """What an admin looks after: a person, a spell, a closed account, an invitation, and a team closed a moment ago."""
    whose = "Alice's agency" if admin == world.people["admin"] else "Charlie's agency"
    email = f"canary.{admin.name.split()[1]}@invited.example"
    world.canaries[f"an address invited by {whose}"].append(email)
    team = Team.objects.get(pk=objects["team"])
    offer = Offer(language="en", teams=[team])
    invitations.invite(team.agency, [email], offer=offer, now=timezone.now(), by=admin)
    invitation = Invitation.objects.get(agency=team.agency)
    leaving = make_team(team.agency, world.plant(f"the name of a closed team of {whose}"))
    person = Worker.objects.get(actions__pk=objects["shared"])
    left = make_worker(team.agency, world.plant(f"the name of who left {whose}"), is_active=False)
    departures.notice(now=timezone.now())
    Departure.objects.filter(worker=left).update(erased_at=timezone.now(), key=None)
    return {
        "person": person.pk,
        "spell": person.memberships.get(team=team).pk,
        "left": left.pk,
        "invitation": invitation.pk,
        "join_link": invitations.token(invitation),
        "closing": closing.close(leaving, into=None, last_day=RECENT, now=timezone.now(), by=admin).pk,
    }


def _agency(world: World, author: str, whose: str) -> dict[str, Any]:
    """An agency with one team, its author, and one of every object; all with words of its own."""
    agency = make_agency(name=world.plant(f"the name {whose}"))
    team = make_team(agency, world.plant(f"the name of the team {whose}"))
    own_practice = make_practice(agency, **_in_both_languages(world.plant(f"a practice {whose}")))
    named = make_community(agency, **_in_both_languages(world.plant(f"a community {whose}")))
    edit_term(agency, practice("read_study"), **_in_both_languages(world.plant(f"a renamed practice {whose}")))
    allowed = AllowedText.objects.create(agency=agency, text=world.plant(f"an allowed text {whose}"))
    Purge.objects.create(agency=agency, what="actions", before=LONG_BEFORE.first, count=9, erased_at=timezone.now())
    agency.held_on, agency.hold_reason = RECENT, world.plant(f"the reason of a hold {whose}")
    agency.save()
    worker = _person(world, author, agency)
    make_membership(worker, team)

    def note(what: str) -> str:
        return world.plant(f"a {what} note {whose}")

    words = [world.plant(f"the words of an initiative {whose}") for _ in range(4)]
    initiative = make_initiative(worker, **dict(zip(INITIATIVE_TEXTS, words, strict=True)), communities=[named.pk])
    heard = make_initiative(
        worker,
        title=world.plant("the title and the aim of one with a link"),
        aim=world.plant("the title and the aim of one with a link"),
    )
    token = voices.make_link(heard, days=30, now=timezone.now())
    shared = make_action(
        worker,
        initiative=initiative,
        note=note("shared"),
        practice=own_practice,
        communities=[named.pk],
        done_on=QUARTER.first,
        reference=world.plant("the reference of an imported action"),
    )
    counted = make_action(
        worker,
        initiative=heard,
        note=note("counted"),
        visibility="counted",
        done_on=RECENT,
        practice=practice("read_study"),
    )
    private = make_action(worker, note=note("private"), visibility="private", done_on=RECENT)
    withdrawn = make_action(worker, note=note("withdrawn"), done_on=RECENT, withdrawn_at=timezone.now())
    reflection = make_reflection(worker, world.plant(f"what {author.title()} wrote for {SELF[author]}"), action=shared)
    draft = make_draft(worker, world.plant(f"what {author.title()} has not finished"))
    own = make_own_commitment(worker, text=world.plant(f"the words of a promise {whose}"))
    gone = make_own_commitment(
        worker, text=world.plant("the words of a withdrawn promise"), withdrawn_at=timezone.now()
    )
    calendars.switch_on(worker)
    return {
        "team": team.pk,
        "own_community": named.pk,
        "allowed_text": allowed.pk,
        "shared": shared.pk,
        "counted": counted.pk,
        "private": private.pk,
        "withdrawn": withdrawn.pk,
        "reflection": reflection.pk,
        "draft": draft.key,
        "session": make_session(worker).name,
        "promise": make_commitment(shared).pk,
        "kept": make_commitment(shared, status="kept", kept_on=QUARTER.last).pk,
        "own_promise": own.pk,
        "withdrawn_promise": gone.pk,
        "calendar_link": calendars.SIGNER.sign(worker.calendar_key.hex),
        "reminders_link": unsubscribing.token(worker, Series.REMINDERS),
        "summaries_link": unsubscribing.token(worker, Series.SUMMARIES),
        "initiative": initiative.pk,
        "voice_link": token,
        "made_link": VoiceLink.objects.get(initiative=heard).pk,
    }


def _protect(quarter: Period, agencies: list[Agency]) -> None:
    """Close a quarter of the agencies, and of the sector that they make up with others, three at least."""
    agencies = [*agencies, make_agency(), make_agency()]
    Agency.objects.filter(pk__in=[agency.pk for agency in agencies]).update(in_sector_from=EARLIER[-1].first)
    for agency in (*agencies, None):
        row = ProtectedQuarter.objects.create(agency=agency, first_day=quarter.first)
        protected.close(row, now=timezone.now())


def _asks(world: World, asker: Worker, whose: str, *, supervisor: Worker, lead: Worker) -> dict[str, Any]:
    """One of every state; what each says is in all of its texts."""

    def ask(what: str, **changes: Any) -> Any:
        text = world.plant(f"{what} {whose}")
        answer = {"answer": text} if "answered_by" in changes else {}
        return make_ask(asker, in_the_way=text, need=text, **answer, **changes).pk

    to_lead = {"addressed_to": "equity_lead"}
    return {
        "ask": ask("an open ask"),
        "told": ask("an answered ask", answered_by=supervisor),
        "declined": ask("a declined ask", answered_by=supervisor, state="declined"),
        "lead_ask": ask("an ask to the lead", team=None, **to_lead),
        "lead_told": ask("a lead's answer", answered_by=lead, **to_lead),
        "taken_back": ask("a withdrawn ask", state="withdrawn", withdrawn_at=timezone.now()),
    }


def _notes(world: World, team: Team, whose: str, *, by: Worker) -> None:
    """Two versions on the team's summary, and what it said a year before that it would try."""

    def write(summary: TeamSummary, over: int) -> None:
        texts = {name: world.plant(f"on a summary of {whose}") for name in TEXTS}
        summary_notes.write(SummaryNote(summary=summary, **texts), over=over, by=by, now=timezone.now())

    latest = TeamSummary.objects.get(team=team)
    before = TeamSummary.objects.create(
        agency=team.agency,
        team=team,
        period_start=LONG_BEFORE.first,
        period_end=LONG_BEFORE.last,
        figures=latest.figures,
        closed_at=timezone.now(),
    )
    for summary, over in ((before, 0), (latest, 0), (latest, 1)):
        write(summary, over)


def _imports(world: World, admin: Worker) -> dict[str, Any]:
    """One whose file has an error and a text in it, one that can be confirmed, and one that was written."""
    kept = {"import": "no role", "ready_import": "member", "done_import": "member"}
    made = {}
    for name, role in kept.items():
        is_written = name == "done_import"
        text = world.plant("the name of somebody imported" if is_written else "the name of somebody in a file")
        team = world.plant("the name of an imported team") if is_written else "Night shift"
        row = f"{text},somebody.{next(_number)}@file.example,{role},{team},2026-01-05"
        content = f"name,email,role,team,starts_on\n{row}\n".encode()
        upload = uploads.start(
            kind="people", name=f"{world.plant('the name of a file')}.csv", content=content, by=admin
        )
        work.work(upload.pk)
        if name == "done_import":
            confirm(upload, by=admin)
            work.work(upload.pk)
        made[name] = upload.pk
    return made


def _given_up(summary: Any, recipient: Worker) -> Delivery:
    given_up = {"status": "failed", "attempts": 8, "last_error": "TimeoutError"}
    return Delivery.objects.create(agency=recipient.agency, summary_id=summary, recipient=recipient, **given_up)


def _in_both_languages(label: str) -> dict[str, str]:
    return {"label_en": label, "label_fr": label}


def _person(world: World, name: str, agency: Agency | None, **roles: bool) -> Worker:
    email = f"canary.{name}@people.example"
    world.canaries["anybody's e-mail address"].append(email)
    worker = Worker(agency=agency, name=world.plant(f"the name of {name}"), email=email, **roles)
    worker.default_visibility = Visibility.SHARED
    worker.set_unusable_password()
    worker.save()
    world.people[name] = worker
    return worker


@cache
def _password() -> str:
    return make_password(PASSWORD)


def grow(world: World) -> None:
    """Two more of every row of alice's agency, beside the first ones."""
    alice, bob, sana, dana, director, lead = (
        world.people[name] for name in ("alice", "bob", "sana", "dana", "director", "lead")
    )
    agency, team = alice.agency, Team.objects.get(pk=world.objects["team"])
    shared = Action.objects.get(pk=world.objects["shared"])
    for number, period in enumerate(EARLIER):
        own = make_practice(agency, code=f"own_{number}", **_in_both_languages(f"Own practice {number}"))
        named = make_community(agency, code=f"own_{number}", **_in_both_languages(f"Own community {number}"))
        renamed = practice(["repair_harm", "info_up_front"][number])
        edit_term(agency, renamed, **_in_both_languages(f"Renamed practice {number}"))
        edit_term(agency, named, **_in_both_languages(f"Renamed community {number}"), is_hidden=bool(number))
        AllowedText.objects.create(agency=agency, text=f"Line {number}")
        Purge.objects.create(agency=agency, what="asks", before=period.first, count=9, erased_at=timezone.now())
        for visibility in ("shared", "counted", "private"):
            for author in (alice, bob):
                later = make_action(author, visibility=visibility, practice=own, communities=[named.pk], done_on=RECENT)
                make_commitment(later)
                make_commitment(later, status="kept", kept_on=RECENT)
        make_action(dana, done_on=RECENT)
        for author in (alice, bob):
            make_reflection(author, action=make_action(author, visibility="private", practice=own, done_on=RECENT))
        for asker in (alice, bob):
            for answerer in (sana, lead):
                role = {"addressed_to": "supervisor" if answerer == sana else "equity_lead"}
                make_ask(asker, action=shared if asker == alice else None, **role)
                make_ask(asker, answered_by=answerer, **role)
                make_ask(asker, answered_by=answerer, state="declined", **role)
        make_draft(alice)
        make_session(alice)
        make_commitment(shared)
        make_own_commitment(alice, visibility="shared", team=team)
        make_own_commitment(alice, status="kept", kept_on=RECENT)
        for key in ("initiative", "joint"):
            own_aim = Initiative.objects.get(pk=world.objects[key])
            own_aim.communities.append(named.pk)
            own_aim.status = ["paused", "under_way"][number]
            partners = [*initiatives.partner_agencies(own_aim), make_agency()]
            initiatives.save(own_aim, by=world.people["lead"], partners=partners)
            for author in (alice, bob):
                make_commitment(make_action(author, initiative=own_aim, practice=own, done_on=RECENT))
            voices.make_link(own_aim, days=30, now=timezone.now())
        make_initiative(alice, partners=[make_agency()])
        shared.communities.append(named.pk)
        make_worker(agency, teams=[team])
        _given_up(world.objects["summary"], make_worker(agency, teams=[team], role=Role.SUPERVISOR))
        make_membership(alice, make_team(agency))
        make_membership(director, make_team(agency), Role.SUPERVISOR)
        close(agency=agency, period=period, now=timezone.now(), mails=False)
        _protect(period, [agency])
        _imports(world, world.people["admin"])
    shared.save()
