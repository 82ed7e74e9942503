"""What each role lets somebody do, in one sentence: said wherever a role is given or taken away."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teams.models import Role

ADMIN = _(
    "Looks after the agency’s people, teams, invitations, imports and settings. Reads nobody’s actions by this role."
)
EQUITY_LEAD = _(
    "Reads what admins look after, the agency’s and the sector’s figures; answers asks put to the equity lead; starts "
    "initiatives. Reads no team’s shared actions by this role."
)
IN_TEAM: dict[str, Promise] = {
    Role.MEMBER.value: _("Reads what the team shares, with names, and the team’s figures and summaries."),
    Role.SUPERVISOR.value: _(
        "Reads the same as the team’s members, answers the asks put to its supervisors, writes on its summaries and gets "
        "them by e-mail. Several people can be supervisors: a deputy is one more."
    ),
}
