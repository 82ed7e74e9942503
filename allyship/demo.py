"""Demo data for a first look: four made-up agencies, the same each time but for dates. Only on loopback."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from actions import asks, initiatives, voices
from actions.models import Action, Addressee, Ask, Barrier, Commitment, Community, Initiative, Practice
from actions.vocabulary import CommitmentStatus, Direction, HeardBack
from allyship import home
from reports import protected, summaries, summary_notes
from reports.models import SummaryNote, TeamSummary
from reports.periods import Period
from teams import agencies
from teams.models import Agency, Membership, Role, Team, Worker
from teams.visibility import Visibility

PASSWORD_FILE = "demo-password"  # noqa: S105 (the name of the file, not what is in it)
SIGN_INS = {
    "worker": "amara.diallo@riverbend.example",
    "supervisor": "sofia.martins@riverbend.example",
    "equity lead": "ines.okoro@riverbend.example",
    "admin": "theo.nolan@riverbend.example",
    "analyst": "analyst@sector.example",
    "en français": "maude.gagnon@lac-bleu.example",
}
MONTHS = 15
PER_MEMBER_AND_MONTH = 3


class PlannedAsk(NamedTuple):
    """Asked so many days ago; the answer, if there is one, came after so many more, and may be a refusal."""

    barrier: Barrier
    need: str
    days_ago: int
    to_lead: bool = False
    for_team: bool = True
    answer: str = ""
    after: int = 0
    declined: bool = False


class PlannedNotes(NamedTuple):
    """What the supervisors wrote on the first team's last two summaries."""

    will_try: str  # on the one before
    came_of_it: str
    note: str
    will_try_next: str


@dataclass(frozen=True)
class Plan:
    """An agency of the demo: its teams, each with supervisors first, then members."""

    name: str
    domain: str
    language: str
    cadence: str
    lead: str
    admin: str
    teams: dict[str, tuple[list[str], list[str]]]
    notes: list[str]
    asks: list[PlannedAsk]  # by the members of the first team in turn
    promises: list[str]
    written: PlannedNotes


ENGLISH_NOTES = [
    "Went through the plan of care together before anything was signed.",
    "Asked the youth council what the waiting room should look like.",
    "Read two chapters of the report on overrepresentation and talked it over.",
    "Offered an interpreter first, not after the second visit.",
    "Our intake form now has room for more than two caregivers.",
]
FRENCH_NOTES = [
    "Le comité de jeunes a choisi l’ordre du jour.",
    "Offert une interprète dès le premier appel.",
    "Notre lettre dit maintenant qui appeler et ce qui va suivre.",
]
ENGLISH_ASKS = [
    PlannedAsk(
        Barrier.TIME,
        "An hour before each plan-of-care meeting, to prepare it together with the family.",
        20,
        answer="Agreed: from next month on, meetings are booked with an hour before them.",
        after=6,
    ),
    PlannedAsk(Barrier.SPACE, "A room for visits where nobody walks through, with space for a stroller.", 9),
    PlannedAsk(
        Barrier.RULE,
        "May interpreters be booked without a second signature?",
        55,
        to_lead=True,
        answer="Yes. The form changes at the end of the quarter; until then, call me and I sign the same day.",
        after=12,
    ),
    PlannedAsk(Barrier.MONEY, "Bus tickets that families can get before a visit, not after it.", 34, to_lead=True),
    PlannedAsk(
        Barrier.DECISION,
        "A second worker on intake on Mondays.",
        48,
        answer="Not this year: there is no post for it. I will ask again when the budget is drawn up.",
        after=9,
        declined=True,
    ),
    PlannedAsk(Barrier.SKILL, "Somebody to talk to about how to open a circle respectfully.", 20, True, False),
    PlannedAsk(Barrier.SAFETY, "Not to go alone to evening meetings at the far office.", 3),
]
FRENCH_ASKS = [
    PlannedAsk(
        Barrier.TIME,
        "Une heure avant chaque rencontre de plan de soins, pour la préparer avec la famille.",
        18,
        answer="D’accord : dès le mois prochain, les rencontres se réservent avec une heure de préparation.",
        after=5,
    ),
    PlannedAsk(Barrier.RULE, "Réserver une interprète sans deuxième signature.", 31, to_lead=True),
    PlannedAsk(Barrier.SPACE, "Une salle de visite où personne ne passe.", 11),
]
ENGLISH_PROMISES = [
    "Bring the new intake form to the youth council before it is printed",
    "Ask the housing office for its list of accessible units",
    "Share what we heard at the circle with everybody who came",
]
FRENCH_PROMISES = [
    "Présenter le nouveau formulaire au comité de jeunes avant l’impression",
    "Rapporter aux participantes et participants ce que nous avons retenu",
]
ENGLISH_WRITTEN = PlannedNotes(
    will_try="Before each plan-of-care meeting, ask the family what has to be on the table first.",
    came_of_it="Nine families were asked. Two meetings began with something that was not on our list at all.",
    note="Fewer entries in spring: two of us were on leave, and the move took a week.",
    will_try_next="Bring one thing that young people asked for to the agency meeting, with one of them if they want to.",
)
FRENCH_WRITTEN = PlannedNotes(
    will_try="Demander à chaque famille, avant la rencontre, par quoi elle veut commencer.",
    came_of_it="Cinq familles l’ont dit. Une rencontre s’est tenue ailleurs, et tout le monde est venu.",
    note="Ce mois compte une semaine de formation : les actions consignées sont moins nombreuses.",
    will_try_next="Relire notre lettre d’accueil avec le comité de jeunes.",
)
PLANS = [
    Plan(
        name="Riverbend Family Services",
        domain="riverbend.example",
        language="en",
        cadence="quarterly",
        lead="Ines Okoro",
        admin="Theo Nolan",
        teams={
            "Family support": (
                ["Sofia Martins"],
                ["Amara Diallo", "Jun Park", "Leila Rahimi", "Owen Bird", "Carla Mendes", "Sami Aalto", "Nadia Petrov"],
            ),
            "Kinship and adoption": (
                ["Sofia Martins", "Marcus Bell"],
                ["Tanis Cardinal", "Ravi Menon", "Grace Osei", "Elena Ruiz", "Piotr Zielinski"],
            ),
            "Youth in transition": (["Marcus Bell"], ["Hiro Tanaka", "Zainab Yusuf", "Kofi Mensah", "Dylan Frost"]),
            "Ongoing services": (
                ["Yolanda Brandt"],
                ["Adaeze Obi", "Femi Coker", "Rita Lopes", "Sven Dahl", "Noor Aziz", "Wanda Kakeeway", "Tuan Le"],
            ),
            "Night and weekend": (
                ["Yolanda Brandt"],
                ["Gita Rao", "Moses Abel", "Clara Weiss", "Peter Nagy", "Salma Idris", "Joy Okafor"],
            ),
        },
        notes=ENGLISH_NOTES,
        asks=ENGLISH_ASKS,
        promises=ENGLISH_PROMISES,
        written=ENGLISH_WRITTEN,
    ),
    Plan(
        name="Services à la famille du Lac-Bleu",
        domain="lac-bleu.example",
        language="fr",
        cadence="monthly",
        lead="Aïcha Benali",
        admin="Luc Perron",
        teams={
            "Accueil et évaluation": (["Maude Gagnon"], ["Jean Obomsawin", "Fatou Sarr", "Annie Roy", "Karim Haddad"]),
            "Soutien aux proches": (["Maude Gagnon"], ["Rosalie Côté", "Thanh Pham", "Inès Moreau", "Paul Awashish"]),
        },
        notes=FRENCH_NOTES,
        asks=FRENCH_ASKS,
        promises=FRENCH_PROMISES,
        written=FRENCH_WRITTEN,
    ),
    Plan(
        name="Northgate Children’s Services",
        domain="northgate.example",
        language="en",
        cadence="quarterly",
        lead="Beatriz Lima",
        admin="Sam Whitford",
        teams={
            "Intake": (["Dana Kowal"], ["Mila Novak", "Yara Said", "Tom Beaver", "Priscilla Anand", "Joel Achebe"]),
            "Ongoing services": (["Ada Lindqvist"], ["Ruth Kim", "Omar Farouk", "Lena Moose", "Victor Dumas"]),
        },
        notes=ENGLISH_NOTES,
        asks=ENGLISH_ASKS,
        promises=ENGLISH_PROMISES,
        written=ENGLISH_WRITTEN,
    ),
    Plan(
        name="Prairie Rose Child and Family Centre",
        domain="prairie-rose.example",
        language="en",
        cadence="monthly",
        lead="Noor Haddad",
        admin="Wes Calder",
        teams={
            "Family visits": (
                ["Irene Stonechild"],
                ["Ben Akande", "Hana Suzuki", "Luis Vega", "Meera Nair", "Ola Berg"],
            ),
            "After hours": (["Irene Stonechild"], ["Abel Girma", "Joan Reid", "Cy Baptiste", "Ilse Vogel"]),
        },
        notes=ENGLISH_NOTES,
        asks=ENGLISH_ASKS,
        promises=ENGLISH_PROMISES,
        written=ENGLISH_WRITTEN,
    ),
]


@transaction.atomic
def load() -> None:
    """Fill an empty installation; ImproperlyConfigured where it can be reached from elsewhere."""
    if not settings.ON_LOOPBACK:
        raise ImproperlyConfigured("Demo data, whose password anyone here can read, is for this machine alone.")
    chance = random.Random(20260401)  # noqa: S311 (not a secret: the same demo each time)
    for plan in PLANS:
        agency = _agency(plan)
        _log(agency, plan, chance)
        _ask(agency, plan)
        _close(agency)
        _write(agency, plan)
    protected.close_all(now=timezone.now())
    _initiatives(chance)
    Worker.objects.create_worker(email=SIGN_INS["analyst"], name="Sector analyst", agency=None, is_analyst=True)
    password = home.secret(settings.HOME, PASSWORD_FILE, random_bytes=12)
    Worker.objects.filter(is_operator=False).update(password=make_password(password))


def _agency(plan: Plan) -> Agency:
    agency = agencies.create(name=plan.name, cadence=plan.cadence, language=plan.language)
    agency.in_sector_from = _first_day(agency)
    agency.save(update_fields=["in_sector_from"])
    start = _first_day(agency)
    people: dict[str, dict[str, Any]] = {plan.lead: {"is_equity_lead": True}, plan.admin: {"is_admin": True}}
    for supervisors, members in plan.teams.values():
        people |= {name: {} for name in (*supervisors, *members) if name not in people}
    workers = {
        name: Worker.objects.create_worker(
            email=_address(name, plan),
            name=name,
            agency=agency,
            language=plan.language,
            default_visibility=Visibility.SHARED,
            **roles,
        )
        for name, roles in people.items()
    }
    served = list(Community.objects.filter(agency=None, is_exclusive=False).values_list("pk", flat=True)[:6])
    for team_name, (supervisors, members) in plan.teams.items():
        team = Team.objects.create(agency=agency, name=team_name, communities=served)
        for role, names in ((Role.SUPERVISOR, supervisors), (Role.MEMBER, members)):
            for name in names:
                Membership.objects.create(agency=agency, worker=workers[name], team=team, role=role, starts_on=start)
    return agency


def _address(name: str, plan: Plan) -> str:
    from_accents = str.maketrans("àâçèéêëîïôûü", "aaceeeeiiouu")
    return f"{name.lower().translate(from_accents).replace(' ', '.')}@{plan.domain}"


def _first_day(agency: Agency) -> date:
    period = Period.containing(agency.today(), "quarterly")
    for _ in range(MONTHS // 3):
        period = period.previous()
    return period.first


def _log(agency: Agency, plan: Plan, chance: random.Random) -> None:
    """Three actions a member and month, more or less, of every kind, with some promises."""
    practices = list(Practice.objects.filter(agency=None))
    communities = list(Community.objects.filter(agency=None, is_exclusive=False).values_list("pk", flat=True))
    nobody = Community.objects.get(code="not_specific", agency=None).pk
    first, today = _first_day(agency), agency.today()
    days = (today - first).days
    actions, commitments = [], []
    spells = Membership.objects.filter(agency=agency, role=Role.MEMBER).order_by("team__name", "worker__email")
    for number, membership in enumerate(spells):
        likes = [1, 8, 1] if number % 3 == 0 else [1, 1, 8]  # every third has most of hers counted, not read
        for _ in range(round(MONTHS * PER_MEMBER_AND_MONTH * chance.uniform(0.6, 1.4))):
            practice = chance.choice(practices)
            done_on = first + timedelta(days=chance.randint(0, days))
            action = Action(
                agency=agency,
                author_id=membership.worker_id,
                team_id=membership.team_id,
                practice=practice,
                level=chance.choice(practice.levels),
                direction=chance.choices(Direction.values, weights=[1, 2, 4, 2, 5])[0],
                communities=[nobody]
                if chance.random() < 0.15
                else chance.sample(communities, chance.choice([1, 1, 2])),
                done_on=done_on,
                logged_on=min(today, done_on + timedelta(days=chance.randint(0, 4))),
                visibility=chance.choices(Visibility.values, weights=likes)[0],
                heard_back=chance.choices(HeardBack.values, weights=[4, 2, 4, 1])[0],
                hours=chance.choice([None, None, "0.5", "1", "2"]),
                note=chance.choice(plan.notes) if chance.random() < 0.35 else "",
            )
            actions.append(action)
            if practice.suggests_follow_up and chance.random() < 0.5:
                commitments.append(_promise(action, done_on + timedelta(days=chance.randint(7, 60)), today, chance))
    Action.objects.bulk_create(actions)
    for commitment in commitments:
        commitment.action = commitment.action  # takes over the key that the database gave
    Commitment.objects.bulk_create(commitments)
    _promise_alone(agency, plan, chance)


def _promise_alone(agency: Agency, plan: Plan, chance: random.Random) -> None:
    """Two for each member: one due within weeks, and one of the last months, mostly kept."""
    today = agency.today()
    for spell in Membership.objects.filter(agency=agency, role=Role.MEMBER).order_by("team__name", "worker__email"):
        for due_on in (today + timedelta(days=chance.randint(1, 20)), today - timedelta(days=chance.randint(1, 80))):
            promise = Commitment(
                agency=agency,
                author_id=spell.worker_id,
                team_id=spell.team_id,
                text=chance.choice(plan.promises),
                visibility=chance.choices(Visibility.values, weights=[3, 1, 3])[0],
                made_on=due_on - timedelta(days=21),
                due_on=due_on,
            )
            if due_on < today and chance.random() < 0.8:
                promise.status, promise.kept_on = CommitmentStatus.KEPT, due_on
            promise.save()
    # The first Monday's reminders are sent when it comes, not when the demo is made.
    Agency.objects.filter(pk=agency.pk).update(reminded_on=today)


def _initiatives(chance: random.Random) -> None:
    """One of Riverbend alone, whose answers are in, and one that it shares with Lac-Bleu."""
    riverbend, lac_bleu, *_others = (Agency.objects.get(name=plan.name) for plan in PLANS)
    lead = Worker.objects.get(agency=riverbend, is_equity_lead=True)
    today = riverbend.today()
    communities = {term.code: term.pk for term in Community.objects.filter(agency=None)}
    alone = Initiative(
        title="A waiting room that youth designed",
        aim="Young people decide what the waiting room looks like, what hangs on its walls and who greets them there.",
        level="agency",
        direction=Direction.CO_DESIGNED,
        communities=[communities["youth_from_care"]],
        outside="The youth council of the city",
        resources="The ground floor, and a budget line of this year",
        hours=120,
        dollars=18_000,
        review_on=today + timedelta(days=60),
        status="under_way",
    )
    shared = Initiative(
        title="Every first visit in the family’s own language",
        aim="A family that wants an interpreter has one from the first call on, and never has to ask a child to interpret.",
        level="multi_agency",
        direction=Direction.REQUEST_FEEDBACK,
        communities=[communities["immigrants_refugees"], communities["racialized"]],
        resources="One contract for interpreters, for both agencies",
        review_on=today + timedelta(days=120),
        status="under_way",
    )
    initiatives.start(alone, by=lead, partners=[])
    initiatives.start(shared, by=lead, partners=[lac_bleu])
    for initiative, agencies_of_it in ((alone, [riverbend]), (shared, [riverbend, lac_bleu])):
        for agency in agencies_of_it:
            recent = Action.objects.filter(agency=agency, initiative=None, done_on__gt=today - timedelta(days=150))
            keys = sorted(recent.values_list("pk", flat=True))
            Action.objects.filter(pk__in=chance.sample(keys, min(9, len(keys)))).update(initiative=initiative)
    for said in ("yes", "yes", "partly", "yes", "no"):
        voices.answer(voices.make_link(alone, days=30, now=timezone.now()), said, now=timezone.now())


def _promise(action: Action, due_on: date, today: date, chance: random.Random) -> Commitment:
    commitment = Commitment(agency=action.agency, action=action, due_on=due_on)
    if due_on <= today:
        statuses = [CommitmentStatus.KEPT, CommitmentStatus.KEPT_LATE, CommitmentStatus.OPEN, CommitmentStatus.DROPPED]
        commitment.status = chance.choices(statuses, weights=[6, 2, 1, 1])[0]
        late = timedelta(days=5 if commitment.status == CommitmentStatus.KEPT_LATE else 0)
        if commitment.status in (CommitmentStatus.KEPT, CommitmentStatus.KEPT_LATE):
            commitment.kept_on = min(today, due_on + late)
    return commitment


def _ask(agency: Agency, plan: Plan) -> None:
    """Some that wait, some that were answered, one declined."""
    team = Team.objects.get(agency=agency, name=next(iter(plan.teams)))
    supervisors, members = plan.teams[team.name]
    by_name = {worker.name: worker for worker in Worker.objects.filter(agency=agency)}
    now = timezone.now()
    for number, planned in enumerate(plan.asks):
        asked_at = now - timedelta(days=planned.days_ago)
        new = Ask(
            addressed_to=Addressee.EQUITY_LEAD if planned.to_lead else Addressee.SUPERVISOR,
            team=team if planned.for_team else None,
            barrier=planned.barrier,
            need=planned.need,
        )
        asked = asks.ask(new, by=by_name[members[number % len(members)]], now=asked_at)
        if planned.answer:
            answerer = by_name[plan.lead if planned.to_lead else supervisors[0]]
            _answer(asked, planned, by=answerer, now=asked_at + timedelta(days=planned.after))


def _answer(asked: Ask, planned: PlannedAsk, *, by: Worker, now: datetime) -> None:
    if planned.declined:
        asks.decline(asked, reason=planned.answer, by=by, now=now)
    else:
        asks.answer(asked, text=planned.answer, by=by, now=now)


def _close(agency: Agency) -> None:
    """Close what is over by now, so that there are summaries to read; without mail."""
    last = agency.reports_from - timedelta(days=1)
    if not Period.containing(last, agency.cadence).is_closed(today=agency.today(), grace_days=agency.grace_days):
        last = Period.containing(last, agency.cadence).first - timedelta(days=1)
        agency.reports_from = last + timedelta(days=1)
        agency.save(update_fields=["reports_from"])
    summaries.close_earlier(agency=agency, first=_first_day(agency), last=last, now=timezone.now())


def _write(agency: Agency, plan: Plan) -> None:
    team = Team.objects.get(agency=agency, name=next(iter(plan.teams)))
    author = Membership.objects.supervising().filter(team=team).select_related("worker")[0].worker
    last, before = TeamSummary.objects.filter(team=team)[:2]
    texts = plan.written
    for note in (
        SummaryNote(summary=before, will_try=texts.will_try),
        SummaryNote(summary=last, came_of_it=texts.came_of_it, note=texts.note, will_try=texts.will_try_next),
    ):
        summary_notes.write(note, over=0, by=author, now=timezone.now())
