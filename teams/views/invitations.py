"""Invitations: sent, sent again and taken back by admins, read by equity leads."""

from uuid import UUID

from django.contrib import messages
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Value
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from teams import invitations
from teams.forms.invitations import InviteForm
from teams.models import Invitation, Team
from teams.requests import SignedIn, bind, for_admins, for_agency_readers

LISTED = 200


@require_http_methods(["GET", "POST"])
@for_agency_readers
def page(request: SignedIn) -> HttpResponse:
    """What became of each address is on the answer to the post, and nowhere ever after."""
    if request.method == "POST" and not request.user.is_admin:
        raise Http404
    teams = list(Team.objects.roster_visible_to(request.user))
    form = bind(InviteForm, request, admin=request.user, teams=teams) if request.user.is_admin else None
    outcomes = form.invite() if form and form.is_valid() else []
    status = 422 if form and form.is_bound and not outcomes else 200
    if form and outcomes:
        form = InviteForm(admin=request.user, teams=teams)
    context = {
        "form": form,
        "outcomes": [(outcome.typed, invitations.sentence(outcome.told)) for outcome in outcomes],
        "standing": _standing(request, teams),
        "now": timezone.now(),
    }
    return render(request, "teams/invitation_list.html", context, status=status)


def _standing(request: SignedIn, teams: list[Team]) -> list[tuple[Invitation, list[str]]]:
    """Each with the names of the teams that it is for."""
    names = {team.pk: team.name for team in teams}
    standing = Invitation.objects.visible_to(request.user).standing()
    grouped = standing.annotate(keys=ArrayAgg("teams", default=Value([])))
    found = grouped.order_by("-invited_at", "email")[:LISTED]  # grouping drops the model's own order
    return [(row, [names[key] for key in row.keys if key in names]) for row in found]


@require_POST
@for_admins
def resend(request: SignedIn, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.editable_by(request.user), pk=pk)
    if invitations.renew(invitation, now=timezone.now(), by=request.user):
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": invitation.email})
    else:
        messages.info(request, _("Nothing to do: it was accepted, taken back or sent again meanwhile."))
    return redirect("teams:invitations")


@require_POST
@for_admins
def revoke(request: SignedIn, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.editable_by(request.user), pk=pk)
    if invitations.revoke(invitation, now=timezone.now(), by=request.user):
        messages.success(request, _("Taken back: the link to %(email)s no longer works.") % {"email": invitation.email})
    else:
        messages.info(request, _("Nothing to do: it was accepted, taken back or sent again meanwhile."))
    return redirect("teams:invitations")
