"""E-mails of the app, one function each: figures and a link, never a text that somebody typed."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actions import departures, reminders
from actions.models import Addressee
from reports.models import Delivery
from reports.pages import documents
from reports.pages.documents import SummaryDocument
from reports.pages.tables import BarTable
from teams import invitations, unsubscribing
from teams.unsubscribing import Series, Stoppable

_OF_ASKS = gettext_lazy("To protect people, this message says nothing of what was asked or answered.")


def team_summary(delivery: Delivery) -> EmailMultiAlternatives:
    """The summary for one supervisor, or for whoever of the team asked for it, in her language."""
    summary = delivery.summary
    assert summary is not None
    with translation.override(delivery.reader.language_code):
        document = documents.of(summary)
        context = {
            "document": document,
            "team": summary.team,
            "recipient": delivery.recipient,
            "tables": _tables(document),
            "url": settings.SITE_URL + reverse("reports:summary", args=[summary.pk]),
            "was_asked_for": delivery.asked_at is not None,
        }
        subject = _("%(team)s: summary of %(period)s") % {"team": summary.team.name, "period": document.label}
        return _message(delivery, subject, "team_summary", context, name="summary", series=Series.SUMMARIES)


def _tables(document: SummaryDocument) -> list[BarTable]:
    """All of the page; where the team shared nothing, that of its promises alone, if there were any."""
    if document.figures.total:
        return document.tables.all()
    promises = document.figures.promises
    return [document.tables.promises()] if promises.due or promises.open_past else []


def ask_waits(delivery: Delivery) -> EmailMultiAlternatives:
    """To one of those who can answer an ask: that it waits, since when, and where; not who asked, nor what."""
    ask = delivery.ask
    assert ask is not None
    with translation.override(delivery.reader.language_code):
        since = formats.date_format(timezone.localdate(ask.created_at), "DATE_FORMAT")
        if ask.addressed_to == Addressee.SUPERVISOR:
            assert ask.team is not None
            text = _("An ask to the supervisors of %(team)s has been waiting since %(day)s.") % {
                "team": ask.team.name,
                "day": since,
            }
        else:
            text = _("An ask to the equity lead has been waiting since %(day)s.") % {"day": since}
        path = reverse("actions:ask_answer", args=[ask.pk])
        return _notice(
            delivery, _("An ask waits for your answer"), text, link=_("Read and answer it"), path=path, note=_OF_ASKS
        )


def ask_answered(delivery: Delivery) -> EmailMultiAlternatives:
    """To the one who asked: that there is an answer, and where; not what was asked or answered."""
    ask = delivery.ask
    assert ask is not None
    with translation.override(delivery.reader.language_code):
        day = formats.date_format(timezone.localdate(ask.created_at), "DATE_FORMAT")
        text = _("Your ask of %(day)s was answered.") % {"day": day}
        path = reverse("actions:ask", args=[ask.pk])
        return _notice(delivery, _("Your ask was answered"), text, link=_("Read the answer"), path=path, note=_OF_ASKS)


def account_closed(delivery: Delivery) -> EmailMultiAlternatives:
    """To a worker who left: until when she can fetch her record, and the link that needs no sign-in."""
    departure = delivery.departure
    assert departure is not None
    with translation.override(delivery.reader.language_code):
        day = formats.date_format(timezone.localtime(departure.expires_at), "DATETIME_FORMAT")
        text = _("Your account at %(agency)s is closed. Until %(day)s you can download everything that is yours.") % {
            "agency": delivery.agency.name,
            "day": day,
        }
        note = _(
            "After that day the words that you wrote are erased. Whoever has this link can download as well: pass it on "
            "to nobody."
        )
        if delivery.agency.held_on:
            note = _(
                "Your agency has put a hold on erasing: the words that you wrote stay until it is lifted. Whoever has "
                "this link can download as well: pass it on to nobody."
            )
        path = reverse("actions:departure", args=[departures.token(departure)])
        subject, link = _("Your record, to take along"), _("Download my record")
        return _notice(delivery, subject, text, link=link, path=path, note=note, name="leaving")


def reflections_go(delivery: Delivery) -> EmailMultiAlternatives:
    """To a worker who has not signed in for long: on which day her reflections are erased, and how they stay."""
    assert delivery.week is not None
    with translation.override(delivery.reader.language_code):
        text = _("You have not signed in for almost two years. On %(day)s your reflections are erased for good.") % {
            "day": formats.date_format(delivery.week, "DATE_FORMAT")
        }
        note = _("If you sign in before that day they stay, and you can download them. Nobody else can read them.")
        subject, link = _("Your reflections"), _("Sign in and keep them")
        path = reverse("actions:reflections")
        return _notice(delivery, subject, text, link=link, path=path, note=note, name="reflections")


def invited(delivery: Delivery) -> EmailMultiAlternatives:
    """To somebody who may join an agency: until when, and the link that makes the account, which works once."""
    invitation = delivery.invitation
    assert invitation is not None
    with translation.override(invitation.language_code):
        agency = {"agency": delivery.agency.name}
        day = formats.date_format(timezone.localtime(invitation.expires_at), "DATETIME_FORMAT")
        text = _("%(agency)s invites you to Allyship, where its teams log what they do as allies.") % agency
        note = _("The link works once, until %(day)s, and only for this address. Pass it on to nobody.") % {"day": day}
        subject = _("Your invitation to %(agency)s") % agency
        return _letter(
            delivery, subject, text, link=_("Choose my password"), url=invitations.address(invitation), note=note
        )


def address_taken(delivery: Delivery) -> EmailMultiAlternatives:
    """To somebody whose address has an account already, so that no other agency can take it in: with no link that joins."""
    invitation = delivery.invitation
    assert invitation is not None
    with translation.override(invitation.language_code):
        agency = {"agency": delivery.agency.name}
        text = (
            _(
                "%(agency)s invites you to Allyship. This address has an account here already, and an account belongs to "
                "one agency, so it cannot join."
            )
            % agency
        )
        note = _("To join, give %(agency)s another address. It is not told that this one has an account.") % agency
        subject = _("Your invitation to %(agency)s") % agency
        return _letter(delivery, subject, text, link=_("Sign in to Allyship"), url=f"{settings.SITE_URL}/", note=note)


def _letter(delivery: Delivery, subject: str, text: str, *, link: str, url: str, note: str) -> EmailMultiAlternatives:
    """As a notice, to somebody whose name is not known."""
    context: dict[str, object] = {"subject": subject, "text": text, "link": link, "url": url, "note": note}
    return _message(delivery, subject, "invitation", context, name="invitation")


def _notice(
    delivery: Delivery,
    subject: str,
    text: str,
    *,
    link: str,
    path: str,
    note: str | Promise,
    name: str = "ask",
) -> EmailMultiAlternatives:
    """One sentence, a link and a remark."""
    context: dict[str, object] = {
        "recipient": delivery.recipient,
        "subject": subject,
        "text": text,
        "link": link,
        "url": settings.SITE_URL + path,
        "note": note,
    }
    return _message(delivery, subject, "notice", context, name=name)


def reminder(delivery: Delivery) -> EmailMultiAlternatives:
    """A worker's own promises that are due soon or past their date: how many and when, never what they are."""
    told = reminders.of(delivery.reader, today=timezone.localdate())
    with translation.override(delivery.reader.language_code):
        subject = _("Your commitments this week")
        context: dict[str, object] = {
            "recipient": delivery.recipient,
            "subject": subject,
            "soon": _days(told.soon),
            "said_of_soon": ngettext(
                "%(n)s commitment is due in the next 7 days:",
                "%(n)s commitments are due in the next 7 days:",
                len(told.soon),
            )
            % {"n": len(told.soon)},
            "past": _days(told.past),
            "said_of_past": ngettext(
                "%(n)s commitment is open past its date:", "%(n)s commitments are open past their date:", len(told.past)
            )
            % {"n": len(told.past)},
            "url": settings.SITE_URL + reverse("actions:commitments"),
        }
        return _message(delivery, subject, "reminder", context, name="reminder", series=Series.REMINDERS)


def _days(days: Iterable[date]) -> list[str]:
    """Each day once, with how many where several fall on it."""
    counted = ((formats.date_format(day), n) for day, n in Counter(days).items())
    return [_("%(day)s (%(n)s)") % {"day": day, "n": n} if n > 1 else day for day, n in counted]


def _message(
    delivery: Delivery,
    subject: str,
    template: str,
    context: dict[str, object],
    *,
    name: str,
    series: Series | None = None,
) -> EmailMultiAlternatives:
    """Text and HTML in the active language; every try carries the same Message-ID. A series has a way out of it."""
    recipient = delivery.recipient or delivery.invitation
    assert recipient is not None
    if delivery.recipient and delivery.recipient.is_active:
        context["emails_url"] = settings.SITE_URL + reverse("teams:emails")
    headers = {
        "Message-ID": f"<{name}.{delivery.pk}@{settings.SITE.hostname}>",
        "Content-Language": recipient.language_code,
        "Auto-Submitted": "auto-generated",
    }
    if series:
        context["off_url"] = unsubscribing.address(delivery.reader, series)
        headers |= unsubscribing.headers(delivery.reader, series)
    one_line = " ".join(subject.split())  # names of teams and agencies stand in it, and a header cannot break
    message = Stoppable(
        subject=one_line,
        body=render_to_string(f"emails/{template}.txt", context),
        to=[recipient.email],
        headers=headers,
    )
    html = render_to_string(f"emails/{template}.html", context)
    message.attach_alternative(css_inline.inline(html, load_remote_stylesheets=False), "text/html")
    return message
