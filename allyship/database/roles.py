"""The roles of the database and what each may do, table by table: this page decides, `grants.apply` carries it out.

The owner makes tables, and operators' commands run as it. Web and worker may do what their code does and no more;
whatever is not named here, they may not. The backup reads everything and writes nothing. A new table fails
tests/test_roles.py until it has its line.
"""

from pathlib import Path
from typing import NamedTuple

OWNER, WEB, WORKER, BACKUP = ALL = ("allyship_owner", "allyship_web", "allyship_worker", "allyship_backup")
MAKE = Path(__file__).with_name("roles.sql").read_text()


class Rights(NamedTuple):
    """As GRANT has them; a column in brackets where the whole table is more than is needed. None where it is empty."""

    web: str = ""
    worker: str = ""


READ = "SELECT"
ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE"
WRITE_AND_DELETE = "SELECT, INSERT, UPDATE, DELETE"

# Of people a job knows neither what opens an account nor what opens a calendar: teams/withheld.py.
PERSON = (
    "id, agency_id, email, name, language, default_visibility, gets_summaries, gets_reminders, last_login, is_active, "
    "session_generation, is_admin, is_equity_lead, is_analyst, is_operator"
)

# What triggers record of changes (teams/audit/tracking.py): they write as the owner, the audit's pages read.
EVENTS = (
    *("teams_agencyevent", "teams_cadencechangeevent", "teams_importevent", "teams_invitationevent"),
    *("teams_invitedtoevent", "teams_linkedaccountevent", "teams_membershipevent", "teams_providerevent"),
    *("teams_secondfactorevent", "teams_teamclosingevent", "teams_teamevent", "teams_workerevent"),
    *("actions_allowedtextevent", "actions_askevent"),
    *("actions_communityeditevent", "actions_communityevent", "actions_initiativeevent"),
    *("actions_initiativepartnerevent", "actions_practiceeditevent", "actions_practiceevent", "actions_purgeevent"),
    *("actions_voicelinkevent", "reports_summarynoteevent"),
)

RIGHTS: dict[str, Rights] = {
    # who belongs where
    "teams_agency": Rights("SELECT, UPDATE", "SELECT, UPDATE (closed_through, reminded_on)"),
    "teams_cadencechange": Rights(WRITE, READ),
    "teams_team": Rights(WRITE, WRITE_AND_DELETE),  # jobs delete what an import made that is taken back
    "teams_membership": Rights(WRITE_AND_DELETE, WRITE_AND_DELETE),
    "teams_teamclosing": Rights(WRITE, "SELECT (id, agency_id, team_id, into_id, done_by_id)"),
    "teams_invitation": Rights(WRITE, "SELECT, UPDATE (sent_at)"),
    "teams_invitedto": Rights(ADD, READ),
    "teams_import": Rights(WRITE, "SELECT, UPDATE"),
    # accounts and what opens them
    "teams_worker": Rights(WRITE, f"SELECT ({PERSON}), INSERT, UPDATE (name, is_admin, is_equity_lead), DELETE"),
    "teams_session": Rights(WRITE_AND_DELETE, "SELECT (worker_id, expire_date), DELETE"),
    "teams_guesscount": Rights(WRITE_AND_DELETE, "SELECT (last_at), DELETE"),
    "teams_usedtimestep": Rights(WRITE, "SELECT (worker_id)"),
    "mfa_authenticator": Rights(WRITE_AND_DELETE, "SELECT (user_id)"),
    "teams_provider": Rights(WRITE_AND_DELETE),
    "teams_linkedaccount": Rights(WRITE_AND_DELETE, "SELECT (worker_id)"),
    "teams_accountmail": Rights("SELECT (id, attempts, due_at), INSERT", "SELECT, UPDATE, DELETE"),
    "teams_addresschange": Rights(WRITE_AND_DELETE, "SELECT (worker_id)"),
    "account_emailaddress": Rights(WRITE_AND_DELETE, "SELECT (user_id)"),
    "account_emailconfirmation": Rights("SELECT, DELETE"),  # stays empty: gone with an address
    # the catalogue
    "actions_practice": Rights(WRITE, READ),
    "actions_practiceedit": Rights(WRITE, READ),
    "actions_community": Rights(WRITE, READ),
    "actions_communityedit": Rights(WRITE, READ),
    "actions_allowedtext": Rights("SELECT, INSERT, DELETE", READ),
    # the log
    "actions_action": Rights(WRITE, WRITE_AND_DELETE),
    "actions_actionedit": Rights(ADD, ADD),
    "actions_commitment": Rights(WRITE, WRITE_AND_DELETE),
    "actions_ask": Rights(WRITE, "SELECT, UPDATE"),
    "actions_departure": Rights(WRITE, WRITE),
    "actions_purge": Rights(READ, WRITE),
    # what is hers alone: jobs see whose it is and how old, and erase it
    "actions_reflection": Rights(WRITE_AND_DELETE, "SELECT (author_id, action_id), UPDATE (action_id), DELETE"),
    "actions_draft": Rights(WRITE_AND_DELETE, "SELECT (agency_id, author_id, key, saved_at), DELETE"),
    # initiatives
    "actions_initiative": Rights(WRITE, READ),
    "actions_initiativepartner": Rights(WRITE, READ),
    "actions_initiativestep": Rights(ADD),
    "actions_voicelink": Rights(WRITE),
    "actions_voicecount": Rights(WRITE),
    # what it adds up to
    "reports_agencyperiod": Rights(READ, WRITE),
    "reports_teamsummary": Rights(READ, ADD),
    "reports_summarynote": Rights(ADD, "SELECT (id, agency_id, summary_id, author_id, version, written_at), DELETE"),
    "reports_protectedquarter": Rights(READ, WRITE_AND_DELETE),
    "reports_delivery": Rights(WRITE, WRITE),
    "reports_heartbeat": Rights(READ, WRITE),
    # the audit
    **dict.fromkeys(EVENTS, Rights(READ)),
    "pghistory_context": Rights(),  # each event holds its own
    # Django's own
    "django_cache": Rights(WRITE_AND_DELETE),
    "django_content_type": Rights(),
    "django_migrations": Rights(),
    "auth_group": Rights(),
    "auth_group_permissions": Rights(),
    "auth_permission": Rights(),
}

# Functions that triggers call in the name of whoever writes; trigger functions themselves need no right.
CALLED = {"actions_check_communities(smallint[], uuid)": (WEB, WORKER)}
