"""Where a change was made, in plain words: the page, the job or the command."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from teams.audit.recording import COMMAND, PAGE, TASK

type Words = str | Promise

_SETTINGS, _CATALOGUE = gettext_lazy("Settings"), gettext_lazy("Catalogue")
_SPELL = gettext_lazy("Spell of a person in a team")
PAGES: Mapping[str, Words] = {
    "teams:people_add": gettext_lazy("People: add to a team"),
    "teams:people_close": gettext_lazy("People: deactivate"),
    "teams:person_edit": gettext_lazy("Person: name and roles"),
    "teams:person_close": gettext_lazy("Person: deactivate"),
    "teams:person_open": gettext_lazy("Person: reactivate"),
    "teams:spell_new": _SPELL,
    "teams:spell_move": _SPELL,
    "teams:spell_role": _SPELL,
    "teams:spell_end": _SPELL,
    "teams:team_close": gettext_lazy("Close or merge a team"),
    "teams:team_undo": gettext_lazy("Close or merge a team: undo"),
    "teams:invitations": gettext_lazy("Invitations"),
    "teams:invitation_again": gettext_lazy("Invitations"),
    "teams:invitation_revoke": gettext_lazy("Invitations"),
    "teams:join": gettext_lazy("The link in an invitation"),
    "teams:join_again": gettext_lazy("The link in an invitation"),
    "teams:provider": gettext_lazy("Sign-in with the agency's account"),
    "teams:provider_remove": gettext_lazy("Sign-in with the agency's account"),
    "reports:team_new": gettext_lazy("A new team"),
    "reports:team_edit": gettext_lazy("Team: name and communities"),
    "reports:settings_change": _SETTINGS,
    "reports:import_confirm": pgettext_lazy("audit", "Import"),
    "reports:import_cancel": pgettext_lazy("audit", "Import"),
    "reports:import_undo": pgettext_lazy("audit", "Import"),
    "reports:summary_note": gettext_lazy("A team’s summary"),
    "actions:allowed": _SETTINGS,
    "actions:allowed_remove": _SETTINGS,
    "actions:term_new": _CATALOGUE,
    "actions:term_rename": _CATALOGUE,
    "actions:term_offer": _CATALOGUE,
    "actions:term_move": _CATALOGUE,
    "actions:ask_answer": gettext_lazy("The answer to an ask"),
    "actions:initiative_new": gettext_lazy("Initiatives"),
    "actions:initiative_edit": gettext_lazy("Initiatives"),
    "actions:voice_links": gettext_lazy("Initiatives: links for answers"),
    "actions:voice_revoke": gettext_lazy("Initiatives: links for answers"),
    "mfa_deactivate_totp": gettext_lazy("Her own second factor"),
    "mfa_remove_webauthn": gettext_lazy("Her own second factor"),
    "mfa_generate_recovery_codes": gettext_lazy("Her own second factor"),
}
TASKS: Mapping[str, Words] = {
    "reports.tasks.run_import": gettext_lazy("The job of an import"),
    "reports.tasks.retention": gettext_lazy("The job that erases old texts"),
}
OTHER_PAGE, OTHER_TASK = gettext_lazy("Another page"), gettext_lazy("Another job")
IN_DATABASE = gettext_lazy("Directly in the database")


def told(context: Mapping[str, Any]) -> str:
    if task := context.get(TASK):
        return str(TASKS.get(task, OTHER_TASK))
    if page := context.get(PAGE):
        return str(PAGES.get(page, OTHER_PAGE))
    if command := context.get(COMMAND):
        return _("The command %(name)s") % {"name": command}
    return str(IN_DATABASE)
