"""E-mails of the app, one function each: figures and a link, never a text that somebody typed."""

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reports import documents
from reports.models import Delivery


def team_summary(delivery: Delivery) -> EmailMultiAlternatives:
    """The summary for one supervisor, in her language; every try carries the same Message-ID."""
    summary, recipient = delivery.summary, delivery.recipient
    with translation.override(recipient.language_code):
        document = documents.of(summary)
        context = {
            "document": document,
            "team": summary.team,
            "recipient": recipient,
            "tables": document.tables.all(),
            "url": settings.SITE_URL + reverse("reports:summary", args=[summary.pk]),
            "record_url": settings.SITE_URL + reverse("actions:record"),
        }
        message = EmailMultiAlternatives(
            subject=_("%(team)s: summary of %(period)s") % {"team": summary.team.name, "period": document.label},
            body=render_to_string("emails/team_summary.txt", context),
            to=[recipient.email],
            headers={
                "Message-ID": f"<summary.{delivery.pk}@{settings.SITE.hostname}>",
                "Content-Language": recipient.language_code,
                "Auto-Submitted": "auto-generated",
            },
        )
        html = render_to_string("emails/team_summary.html", context)
        message.attach_alternative(css_inline.inline(html, load_remote_stylesheets=False), "text/html")
    return message
