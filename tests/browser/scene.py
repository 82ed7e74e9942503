"""One agency in which every page has something to show, and people to whom the same pages are still empty."""

import time
from datetime import timedelta
from hashlib import sha256
from itertools import cycle, islice
from types import SimpleNamespace

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from actions import calendars, departures, entries, voices
from actions.models import AllowedText, Community, Practice, Purge, Reflection, VoiceLink
from actions.vocabulary import Direction, HeardBack
from reports import protected, summary_notes
from reports.imports import uploads
from reports.models import TEXTS, AgencyPeriod, Delivery, ProtectedQuarter, SummaryNote
from reports.periods import Period
from reports.summaries import close
from teams import closing, invitations
from teams.models import Agency, Invitation, Provider, Role
from teams.signing_in import addresses
from teams.signing_in.second_factors import AGENCY_ACCOUNT, Adapter
from teams.visibility import Visibility
from tests.actions.factories import edit_term, make_community, make_draft, make_reflection
from tests.factories import (
    PASSWORD,
    community,
    make_action,
    make_agency,
    make_ask,
    make_commitment,
    make_initiative,
    make_membership,
    make_own_commitment,
    make_team,
    make_worker,
)
from tests.reports.factories import make_many, make_staff
from tests.reports.imports.factories import action as row_of
from tests.reports.imports.factories import brought, imported, sheet

NOTE = (
    "Went through the plan of care together before anything was signed; the next one is written with the youth "
    "council, in both languages, and every page of it says who to call and what happens after."
)
LONG_WORD = "https://harbour.example/interculturalcommunicationframework/responsibilities"
ACTIONS_EACH_QUARTER = 26


def credential_of_no_device():
    """As a browser tells of a new passkey; nobody has the private key."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = AttestedCredentialData.create(Aaguid.NONE, b"a passkey", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, made)
    asked = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"a challenge", "http://localhost")
    answer = AuthenticatorAttestationResponse(
        client_data=asked, attestation_object=AttestationObject.create("none", told, {})
    )
    return dict(RegistrationResponse(raw_id=made.credential_id, response=answer))


# What some have shown of themselves when they signed in, a moment ago and for long.
SHOWN = {"keeper": {"method": "mfa", "reauthenticated": True}, "by agency": {"method": AGENCY_ACCOUNT}}


class Scene:
    """The readers by name, and the objects that addresses are made of."""

    @transaction.atomic
    def __init__(self, language="en"):
        self.language = language
        self.agency = make_agency(name="Services à l’enfance et à la famille de la Rive-Nord", language=language)
        self.team = make_team(self.agency, "Accueil, évaluation et accompagnement des proches aidants")
        self.small_team = make_team(self.agency, "Kinship and adoption")
        self.empty_team = make_team(self.agency, "Youth in transition")
        self.readers = {
            "alice": self._worker("Alexandrine Desrochers-Thibodeau", teams=[self.team, self.small_team]),
            "bob": self._worker("Bob Mate", teams=[self.team], password=PASSWORD),
            "sana": self._worker("Sana Supervisor", teams=[self.team], role=Role.SUPERVISOR),
            "newcomer": self._worker("Nour Newcomer", teams=[self.empty_team], default_visibility=""),
            "loner": self._worker("Lou Loner"),
            "lead": self._worker("Lea Lead", is_equity_lead=True),
            "admin": self._worker("Theodora-Maximilienne Admin", is_admin=True),
            "keeper": self._worker("Kim Keeper", password=PASSWORD),
            "outsider": make_worker(make_agency(name="Northgate", language=language), "Ola Outsider"),
            "head": make_worker(make_agency(name="Southgate", language=language), "Hedy Head", is_admin=True),
            "analyst": make_worker(None, "Ana Analyst", is_analyst=True),
        }
        for worker in self.readers.values():
            worker.language = language
            worker.save(update_fields=["language"])
        self.alice, self.bob = self.readers["alice"], self.readers["bob"]
        self.readers["by agency"] = self.bob  # in another browser
        self.passkey = self._second_factors(self.readers["keeper"])
        make_membership(self.readers["sana"], self.empty_team, Role.SUPERVISOR)
        self._log()
        self._ask()
        self._close()
        self._protect()
        self._set_up()
        self._import()

    def _worker(self, name, **values):
        return make_worker(self.agency, name, **values)

    def _log(self):
        """Two full quarters and this one, of all kinds; the newest of alice's have what an action can have."""
        today = timezone.localdate()
        this_quarter = Period.containing(today, "quarterly")
        self.quarters = [this_quarter.previous().previous(), this_quarter.previous()]
        days = [
            *(quarter.first + timedelta(days=3 * n) for quarter in self.quarters for n in range(ACTIONS_EACH_QUARTER)),
            *islice(cycle([today]), ACTIONS_EACH_QUARTER),
        ]
        choices = zip(
            cycle(Practice.objects.filter(agency=None)),
            cycle(Direction.values),
            cycle(Community.objects.filter(agency=None, is_exclusive=False)),
            cycle(HeardBack.values),
            strict=False,
        )
        for number, day in enumerate(days):
            practice, direction, community, heard_back = next(choices)
            made = make_action(
                self.bob if number % 3 else self.alice,
                team=self.team,
                practice=practice,
                level=practice.levels[number % len(practice.levels)],
                direction=direction,
                communities=[community.pk],
                heard_back=heard_back,
                done_on=day,
                logged_on=day,
                note=NOTE if number % 2 else "",
            )
            make_commitment(made, due_on=day + timedelta(days=20), status="kept", kept_on=day)
        self.mates = made if made.author == self.bob else make_action(self.bob, team=self.team, note=NOTE)
        for visibility in Visibility.values:
            own = make_action(
                self.alice, team=self.team, visibility=visibility, note=f"{NOTE} {LONG_WORD}", hours="1.5"
            )
            setattr(self, visibility, own)
        self.small = make_action(self.alice, team=self.small_team, note=NOTE)
        self.edited = make_action(self.alice, team=self.team)
        self.edited.note, self.edited.level = NOTE, "sector"
        self.edited.version = 1
        self.edited = entries.save(self.edited, by=self.alice, now=timezone.now())
        self.departure = departures.close_account(self._worker("Gone Before"), now=timezone.now())
        self.promise = make_commitment(self.shared, due_on=today + timedelta(days=9))
        self.late = make_commitment(self.shared, due_on=today - timedelta(days=9))
        make_commitment(self.shared, due_on=today, status="dropped", dropped_because="no_means")
        self.own_promise = make_own_commitment(self.alice, text=f"{NOTE[:50]} {LONG_WORD[:60]}", due_on=today)
        make_own_commitment(self.alice, visibility="shared", team=self.team, status="kept", kept_on=today)
        calendars.switch_on(self.alice)
        self.thought = make_reflection(self.alice, f"{NOTE}\n\n{LONG_WORD}", action=self.private, prompt="rp_credit")
        self.draft = SimpleNamespace(pk=make_draft(self.alice, NOTE).key)
        self.shut = make_reflection(self.alice)
        Reflection.objects.filter(pk=self.shut.pk).update(ciphertext=self.thought.ciphertext)
        self._share_aims()
        self._invite()

    def _set_up(self):
        """What admins see of an agency that has changed all that it can."""
        self.own_community = make_community(
            self.agency, label_en="Families from the Horn of Africa and Yemen", label_fr="Familles du Yémen"
        )
        edit_term(self.agency, community(), label_en=LONG_WORD[:60], label_fr=LONG_WORD[:60])
        edit_term(self.agency, community("youth_from_care"), is_hidden=True)
        self.allowed = AllowedText.objects.create(agency=self.agency, text=LONG_WORD)
        for what in ("actions", "reflections"):
            Purge.objects.create(
                agency=self.agency, what=what, before=self.quarters[0].first, count=4711, erased_at=timezone.now()
            )

    def _import(self):
        """One that waits for its check, one with errors and notices, and one that was written."""
        admin = self.readers["admin"]
        right = {"name": "Nour Haddad", "email": "nour@agency.example", "role": "admin", "team": "", "starts_on": ""}
        wrong = row_of(self.alice, level="x", note="Met with the Tremblay family at the school.", practice=LONG_WORD)
        self.done_import = imported(admin, right)
        self.wrong_import = brought(admin, *[wrong] * 3, kind="actions", name=f"{LONG_WORD[-40:]}.csv")
        self.waiting_import = uploads.start(kind="people", name="staff.csv", content=sheet(right), by=admin)

    def _protect(self):
        """The two quarters of the agency, of which some figures can be shown, and of a sector that is nearly all hers, so withheld."""
        sector = [self.agency, make_agency(), make_agency()]
        Agency.objects.filter(pk__in=[agency.pk for agency in sector]).update(in_sector_from=self.quarters[0].first)
        staff = make_staff(self.agency)
        for quarter in self.quarters:
            for number, direction in enumerate(Direction.values[1:], start=2):
                make_many(staff, 12 * number, direction=direction, done_on=quarter.first)
            for agency in (*sector, None):
                row = ProtectedQuarter.objects.create(agency=agency, first_day=quarter.first)
                protected.close(row, now=timezone.now())

    def _ask(self):
        """Asks in every state, to supervisors and to the lead, as long as they can be."""
        sana, lead = self.readers["sana"], self.readers["lead"]
        text = f"{NOTE} {LONG_WORD}"
        weeks = [timezone.now() - timedelta(weeks=n) for n in range(6)]
        to_lead = {"addressed_to": "equity_lead", "team": self.team}
        for asker in (self.alice, self.bob):
            words = {"team": self.team, "need": text, "in_the_way": text, "action": None}
            self.ask = make_ask(asker, created_at=weeks[3], **words)
            self.told = make_ask(asker, answered_by=sana, answer=text, created_at=weeks[5], **words)
            make_ask(asker, answered_by=sana, state="declined", answer=text, barrier="decision", **words)
            self.lead_ask = make_ask(asker, created_at=weeks[5], **words | to_lead)
            make_ask(asker, answered_by=lead, answer=text, **words | to_lead)
        self.my_ask = make_ask(self.alice, team=self.team, action=self.shared, need=text)
        make_ask(self.alice, team=None, addressed_to="equity_lead", barrier="safety")

    def _share_aims(self):
        """One initiative with all that there can be and answers to it, and one with next to nothing."""
        lead = self.readers["lead"]
        partner = make_agency(name="Services à la famille et aux jeunes de la Haute-Rivière", language=self.language)
        self.initiative = make_initiative(
            lead,
            partners=[partner],
            aim=f"{NOTE[:200]} {LONG_WORD}",
            outside="The youth council of the city",
            resources="The ground floor",
            hours=1200,
            dollars=18000,
        )
        for action in (self.shared, self.mates, self.private):
            action.initiative = self.initiative
            action.save(update_fields=["initiative"])
        self.planned = make_initiative(lead, title="An interpreter at every first visit", status="planned")
        make_initiative(lead, title="Over", status="ended")
        now = timezone.now()
        for said in ("yes", "yes", "partly", "no", "no"):
            voices.answer(voices.make_link(self.initiative, days=30, now=now), said, now=now)
        voices.answer(voices.make_link(self.planned, days=30, now=now), "no", now=now)
        self.voice, self.early_voice, self.voice_to_answer = (
            voices.make_link(initiative, days=30, now=now)
            for initiative in (self.initiative, self.planned, self.initiative)
        )
        self.link = VoiceLink.objects.first()

    def _invite(self):
        """Somebody who may join, somebody whose link is too old, a closed team, and an account that is closed."""
        now, admin = timezone.now(), self.readers["admin"]
        offer = invitations.Offer(language=self.language, teams=[self.team, self.small_team])
        people = [
            "alexandrine.desrochers-thibodeau.the.younger@services-enfance-famille-rive-nord.example",
            "old@x.example",
        ]
        invitations.invite(self.agency, people, offer=offer, now=now, by=admin)
        self.invitation, old = Invitation.objects.order_by("email")
        days = {"invited_at": now - timedelta(days=9), "expires_at": now - timedelta(days=6)}
        Invitation.objects.filter(pk=old.pk).update(**days)
        self.join_link, self.old_link = invitations.token(self.invitation), invitations.token(old)
        self.spell = self.alice.memberships.get(team=self.team)
        self.gone = self.departure.worker
        self.head = self.readers["head"]
        self._sign_ins()
        shut = make_team(self.agency, "Long gone")
        make_membership(self.bob, shut, ends_on=now.date() - timedelta(days=9))
        self.closing = closing.close(shut, into=None, last_day=now.date() - timedelta(days=9), now=now, by=admin)

    def _sign_ins(self):
        """The sign-in of an agency's own, where one is invited to; and new addresses that wait to be confirmed."""
        now, agency = timezone.now(), self.head.agency
        issuer = "https://login.services-enfance-famille-rive-nord.example/realms/all-of-the-staff"
        Provider.objects.create(agency=agency, issuer=issuer, client_id="allyship", sealed_secret=b"x")
        invitations.invite(
            agency, ["b@x.example"], offer=invitations.Offer(language=self.language), now=now, by=self.head
        )
        self.account_link = invitations.token(Invitation.objects.get(agency=agency))
        self.agency_slug = agency.slug
        self.old_address_link = "x"
        self.address_link = addresses.propose(self.alice, "alice.with.a.new.name@x.example", now=now, by=self.alice)

    def _close(self):
        for quarter in self.quarters:
            close(agency=self.agency, period=quarter, now=timezone.now(), mails=False)
        self.summary, before = self.team.summaries.all()[:2]
        texts = dict.fromkeys(TEXTS, f"{NOTE} {LONG_WORD}")
        for summary, over in ((before, 0), (self.summary, 0), (self.summary, 1)):
            note = SummaryNote(summary=summary, **texts | {"note": f"{NOTE} {over}"})
            summary_notes.write(note, over=over, by=self.readers["sana"], now=timezone.now())
        self.empty_summary = self.empty_team.summaries.first()
        self._break_off()

    def _break_off(self):
        """Mail that was given up or is tried again, and a period that does not close."""
        trouble = {"agency": self.agency, "status": "failed", "attempts": 8}
        about = {**trouble, "summary": self.summary, "last_error": "SMTPRecipientsRefused"}
        self.mail = Delivery.objects.create(recipient=self.readers["sana"], **about)
        Delivery.objects.create(recipient=self.bob, **about | {"status": "pending", "attempts": 3})
        Delivery.objects.create(
            recipient=self.alice, **trouble, kind="ask_answered", ask=self.told, last_error="KeyError"
        )
        period = self.quarters[0].previous()
        AgencyPeriod.objects.create(
            agency=self.agency,
            first_day=period.first,
            last_day=period.last,
            attempts=9,
            noticed_at=self.told.created_at,
        )

    def reset_link(self, name):
        """The arguments of a link that sets the reader's password, as her mail has it."""
        worker = self.readers[name]
        return {"uidb36": user_pk_to_url_str(worker), "key": default_token_generator.make_token(worker)}

    def _second_factors(self, worker):
        """One of each kind."""
        for kind, data in {
            "totp": {"secret": Adapter().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")},
            "recovery_codes": {"seed": Adapter().encrypt("00"), "used_mask": 5},
            "webauthn": {"name": "Téléphone de travail, clé d’accès", "credential": credential_of_no_device()},
        }.items():
            made = Authenticator.objects.create(user=worker, type=kind, data=data)
        return made

    def cookies(self, name, address):
        """What the reader's browser holds after sign-in; for nobody, a language alone."""
        if name == "nobody":
            held = {settings.LANGUAGE_COOKIE_NAME: f"{self.language}-ca"}
        else:
            client = Client()
            client.force_login(self.readers[name])
            if name in SHOWN:
                session = client.session
                session[AUTHENTICATION_METHODS_SESSION_KEY] = [SHOWN[name] | {"at": time.time() + 3600}]
                session["account_authentication_methods_user"] = str(self.readers[name].pk)
                session.save()
            held = {settings.SESSION_COOKIE_NAME: client.session.session_key}
        return [{"name": key, "value": value, "url": address} for key, value in held.items()]
