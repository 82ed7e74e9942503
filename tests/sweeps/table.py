"""Who gets what from every address: one table, walked by the tests and printed as docs/permissions.md.

To add an address, add its row to GET, and to POST where it takes one; then run script/permissions. A row reads

    name  [object]  [key=value ...]  [?query]    queries    a status for each role

- name: as in {% url %}. key=value: what stands in the address besides.
- object: one of OBJECTS, whose key the address takes first. Every row with one is asked for with the same object of
  charlie's agency as well, which then must be found by him alone. A new kind of object: a line in OBJECTS, and made in
  world.py.
- queries: SQL statements, those of savepoints and the cache left out, of the first role to get a page there (200; alice
  where nobody does): as many with one row of everything in the database as with three. No other reader may need more.
- a status: 200, 404 ...; "login" is the way to the sign-in page, 302 any other redirect.

A line that starts with # opens a section of the page. READS says who reads which text anywhere on this walk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ROLES = {
    "anonymous": "nobody is signed in",
    "alice": "a worker, member of the team Intake, and of a second one alone",
    "bob": "her team mate",
    "sana": "the supervisor of Intake",
    "director": "supervises other teams of the same agency, not Intake",
    "former": "supervised Intake until last month, and is in no team now",
    "lead": "equity lead of the agency, in no team",
    "admin": "admin of the agency, in no team",
    "analyst": "sector analyst, of no agency",
    "operator": "runs the installation, of no agency",
    "charlie": "a worker of another agency",
}
OBJECTS = {
    "team": "Intake",
    "kinship": "Kinship, the director's team",
    "shared": "Alice's action, shared",
    "counted": "Alice's action, counted",
    "private": "Alice's action, private",
    "withdrawn": "Alice's action, withdrawn",
    "kinship_action": "an action shared at Kinship",
    "promise": "Alice's commitment, open",
    "kept": "Alice's commitment, kept",
    "reflection": "what Alice wrote for herself",
    "own_promise": "Alice's commitment that stands alone, private",
    "withdrawn_promise": "one of Alice's that she withdrew",
    "calendar_link": "the secret link of Alice's calendar",
    "reminders_link": "the link in Alice's reminders",
    "summaries_link": "the link in a summary that Alice gets by e-mail",
    "initiative": "an initiative of Alice's agency",
    "joint": "one that it shares with Charlie's agency",
    "voice_link": "a link for those whom an initiative concerns",
    "made_link": "the same link, as the lead sees it",
    "own_community": "a community that Alice's agency added",
    "allowed_text": "a text that the identifier guard lets pass there",
    "person": "Alice, as her agency's admins see her",
    "left": "somebody of her agency whose account is closed",
    "spell": "Alice's spell at Intake",
    "closing": "the closing of a team of her agency, a moment ago",
    "invitation": "an invitation by Alice's agency",
    "join_link": "the link in it",
    "summary": "a summary of Intake",
    "kinship_summary": "a summary of Kinship",
    "mail": "a summary's mail that was given up",
    "import": "an import of her agency, checked, with an error",
    "ready_import": "one that can be confirmed",
    "done_import": "one that was written",
    "draft": "a form that Alice has not finished",
    "session": "another browser in which Alice is signed in",
    "ask": "Alice's ask to the supervisors, open",
    "told": "Alice's ask to the supervisors, answered",
    "declined": "Alice's ask to the supervisors, declined",
    "lead_ask": "Alice's ask to the equity lead for herself, open",
    "lead_told": "Alice's ask to the equity lead for Intake, answered",
    "taken_back": "Alice's ask to the supervisors, taken back",
}

GET = """
address                          queries  anonymous alice bob  sana director former lead admin analyst operator charlie
# Home and guide
actions:home                          11  login     200   200  200  200      200    200  200   200     200      200
guide                                  3  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=logging                2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=supervision            2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=leads                  2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=who-sees-what          2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=records                2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=figures                2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=protected-figures      2  200       200   200  200  200      200    200  200   200     200      200
guide_page slug=accessibility          2  200       200   200  200  200      200    200  200   200     200      200
offline                                 5  200       200   200  200  200      200    200  200   200     200      200
service_worker                          2  200       200   200  200  200      200    200  200   200     200      200
manifest                                2  200       200   200  200  200      200    200  200   200     200      200
# One's own log
actions:practices                      4  login     200   200  200  200      200    200  200   404     404      200
actions:practice_helps                 3  login     200   200  200  200      200    200  200   404     404      200
actions:check_text                     2  login     405   405  405  405      405    405  405   405     405      405
actions:device                          2  login     200   200  200  200      200    200  200   404     404      200
actions:receive key=0a0b0c0d-0000-4000-8000-000000000001  2  login     405   405  405  405      405    405  405   405     405      405
actions:log                           10  login     200   200  200  200      200    200  200   404     404      200
actions:quick_log ?practice={practice} 8  login     200   200  200  200      200    200  200   404     404      200
actions:record                         8  login     200   200  200  200      200    200  200   404     404      200
actions:record ?kind=x                 5  login     422   422  422  422      422    422  422   404     404      422
actions:year                           11  login     200   200  200  200      200    200  200   404     404      200
actions:year ?year=x                   11  login     422   422  422  422      422    422  422   404     404      422
actions:search                          2  login     200   200  200  200      200    200  200   404     404      200
actions:erase_texts                     3  login     200   200  200  200      200    200  200   404     404      200
actions:export                          2  login     200   200  200  200      200    200  200   404     404      200
actions:export_file kind=json          11  login     200   200  200  200      200    200  200   404     404      200
actions:export_file kind=xlsx          11  login     200   200  200  200      200    200  200   404     404      200
actions:export_file kind=csv           11  login     200   200  200  200      200    200  200   404     404      200
actions:export_file kind=pdf            2  login     404   404  404  404      404    404  404   404     404      404
actions:commitments                    6  login     200   200  200  200      200    200  200   404     404      200
actions:new_commitment                 5  login     200   200  200  200      200    200  200   404     404      200
actions:calendar                       2  login     200   200  200  200      200    200  200   404     404      200
actions:calendar_on                    2  login     405   405  405  405      405    405  405   405     405      405
actions:calendar_off                   2  login     405   405  405  405      405    405  405   405     405      405
teams:emails                           2  login     200   200  200  200      200    200  200   404     404      200
teams:visibility                       2  login     200   200  200  200      200    200  200   404     404      200
# An action and its commitments
actions:detail shared                  8  login     200   200  200  404      404    404  404   404     404      404
actions:detail counted                 8  login     200   404  404  404      404    404  404   404     404      404
actions:detail private                 7  login     200   404  404  404      404    404  404   404     404      404
actions:detail withdrawn               3  login     404   404  404  404      404    404  404   404     404      404
actions:detail kinship_action          7  login     404   404  404  200      404    404  404   404     404      404
actions:edit shared                   11  login     200   404  404  404      404    404  404   404     404      404
actions:edit counted                  11  login     200   404  404  404      404    404  404   404     404      404
actions:edit private                  11  login     200   404  404  404      404    404  404   404     404      404
actions:edit withdrawn                 3  login     404   404  404  404      404    404  404   404     404      404
actions:history shared                  5  login     200   404  404  404      404    404  404   404     404      404
actions:history private                 5  login     200   404  404  404      404    404  404   404     404      404
actions:history withdrawn               3  login     404   404  404  404      404    404  404   404     404      404
actions:history kinship_action          3  login     404   404  404  404      404    404  404   404     404      404
actions:withdraw shared                2  login     405   405  405  405      405    405  405   405     405      405
actions:restore withdrawn              2  login     405   405  405  405      405    405  405   405     405      405
actions:renegotiate promise            3  login     200   404  404  404      404    404  404   404     404      404
actions:renegotiate kept               3  login     302   404  404  404      404    404  404   404     404      404
actions:drop promise                   3  login     200   404  404  404      404    404  404   404     404      404
actions:keep promise                   2  login     405   405  405  405      405    405  405   405     405      405
actions:reopen kept                    2  login     405   405  405  405      405    405  405   405     405      405
actions:renegotiate own_promise        3  login     200   404  404  404      404    404  404   404     404      404
actions:drop own_promise               3  login     200   404  404  404      404    404  404   404     404      404
actions:undo_commitment promise        2  login     405   405  405  405      405    405  405   405     405      405
actions:withdraw_commitment own_promise  2  login     405   405  405  405      405    405  405   405     405      405
actions:restore_commitment withdrawn_promise  2  login     405   405  405  405      405    405  405   405     405      405
# One's own drafts
actions:draft_keep                      2  login     405   405  405  405      405    405  405   405     405      405
actions:draft draft                     3  login     200   404  404  404      404    404  404   404     404      404
actions:draft_delete draft              2  login     405   405  405  405      405    405  405   405     405      405
# One's own reflections
actions:reflections                    5  login     200   200  200  200      200    200  200   404     404      200
actions:reflection_new                 2  login     200   200  200  200      200    200  200   404     404      200
actions:reflection_on shared           4  login     200   404  404  404      404    404  404   404     404      404
actions:reflection_on private          4  login     200   404  404  404      404    404  404   404     404      404
actions:reflection_on withdrawn        3  login     404   404  404  404      404    404  404   404     404      404
actions:reflection reflection          4  login     200   404  404  404      404    404  404   404     404      404
actions:reflection_edit reflection     4  login     200   404  404  404      404    404  404   404     404      404
actions:reflection_delete reflection   3  login     200   404  404  404      404    404  404   404     404      404
# Asks
actions:asks                           5  login     200   200  200  200      200    200  200   404     404      200
actions:ask_new                        5  login     200   200  200  200      200    200  200   404     404      200
actions:ask_inbox                      7  login     404   404  404  404      404    200  404   404     404      404
actions:ask_inbox ?barrier=x           2  login     404   404  404  404      404    422  404   404     404      404
actions:ask ask                        3  login     200   404  200  404      404    404  404   404     404      404
actions:ask told                       3  login     200   200  200  404      404    404  404   404     404      404
actions:ask declined                   3  login     200   404  200  404      404    404  404   404     404      404
actions:ask lead_ask                   3  login     200   404  404  404      404    200  404   404     404      404
actions:ask lead_told                  3  login     200   200  200  404      404    200  404   404     404      404
actions:ask taken_back                 3  login     404   404  404  404      404    404  404   404     404      404
actions:ask_answer ask                 3  login     404   404  200  404      404    404  404   404     404      404
actions:ask_answer told                3  login     404   404  302  404      404    404  404   404     404      404
actions:ask_answer lead_ask            3  login     404   404  404  404      404    200  404   404     404      404
actions:ask_withdraw ask               2  login     405   405  405  405      405    405  405   405     405      405
actions:ask_restore taken_back         2  login     405   405  405  405      405    405  405   405     405      405
actions:team_asks team                 7  login     200   200  200  404      404    404  404   404     404      404
actions:team_asks team ?barrier=x      4  login     422   422  422  404      404    404  404   404     404      404
actions:team_asks kinship              6  login     404   404  404  200      404    404  404   404     404      404
# Initiatives
actions:initiatives                    4  login     200   200  200  200      200    200  404   200     404      200
actions:initiative_new                 3  login     404   404  404  404      404    200  404   404     404      404
actions:initiative initiative         17  login     200   200  200  200      200    200  404   404     404      404
actions:initiative joint              17  login     200   200  200  200      200    200  404   404     404      200
actions:initiative_edit initiative     6  login     404   404  404  404      404    200  404   404     404      404
actions:initiative_edit joint          6  login     404   404  404  404      404    200  404   404     404      404
actions:voice_links initiative         6  login     404   404  404  404      404    200  404   404     404      404
actions:voice_links joint              6  login     404   404  404  404      404    200  404   404     404      404
actions:voice_revoke made_link         2  login     405   405  405  405      405    405  405   405     405      405
# By a secret link
actions:voice voice_link               9  200       200   200  200  200      200    200  200   200     200      200
actions:voice token=x                  3  404       404   404  404  404      404    404  404   404     404      404
actions:voice_thanks                   2  200       200   200  200  200      200    200  200   200     200      200
actions:calendar_feed calendar_link    4  200       200   200  200  200      200    200  200   200     200      200
actions:calendar_feed token=x          2  404       404   404  404  404      404    404  404   404     404      404
actions:departure token=x               2  404       404   404  404  404      404    404  404   404     404      404
actions:departure_file token=x kind=json 2  404       404   404  404  404      404    404  404   404     404      404
teams:join join_link                   6  200  200  200  200  200  200  200  200  200  200  200
teams:join token=x                     3  404  404  404  404  404  404  404  404  404  404  404
teams:join_by_account join_link        4  302  302  302  302  302  302  302  302  302  302  302
teams:join_by_account token=x          3  404  404  404  404  404  404  404  404  404  404  404
teams:join_again join_link             2  405  405  405  405  405  405  405  405  405  405  405
teams:unsubscribe reminders_link       3  200       200   200  200  200      200    200  200   200     200      200
teams:unsubscribe summaries_link       3  200       200   200  200  200      200    200  200   200     200      200
teams:unsubscribe token=x              2  404       404   404  404  404      404    404  404   404     404      404
# Teams
teams:list                             3  login     200   302  302  200      200    200  200   200     200      302
actions:feed team                      8  login     200   200  200  404      404    404  404   404     404      404
actions:feed team ?first=x             5  login     422   422  422  404      404    404  404   404     404      404
actions:feed kinship                   8  login     404   404  404  200      404    404  404   404     404      404
teams:members team                     6  login     200   200  200  404      404    200  200   404     404      404
teams:members kinship                  6  login     404   404  404  200      404    200  200   404     404      404
# Figures of a team
reports:dashboard team                 8  login     200   200  200  404      404    404  404   404     404      404
reports:dashboard team ?last=x         5  login     422   422  422  404      404    404  404   404     404      404
reports:dashboard kinship              8  login     404   404  404  200      404    404  404   404     404      404
reports:dashboard_file team ending=csv  8  login     200   200  200  404      404    404  404   404     404      404
reports:dashboard_file team ending=xlsx  8  login     200   200  200  404      404    404  404   404     404      404
reports:dashboard_file team ending=csv ?last=x  5  login     422   422  422  404      404    404  404   404     404      404
reports:dashboard_file team ending=xlsx ?last=x  5  login     422   422  422  404      404    404  404   404     404      404
reports:dashboard_file kinship ending=csv  8  login     404   404  404  200      404    404  404   404     404      404
reports:dashboard_file kinship ending=xlsx  8  login     404   404  404  200      404    404  404   404     404      404
reports:commitments team               4  login     200   200  200  404      404    404  404   404     404      404
reports:commitments team ?last=x       4  login     422   422  422  404      404    404  404   404     404      404
reports:commitments kinship            4  login     404   404  404  200      404    404  404   404     404      404
reports:summaries team                 4  login     200   200  200  404      404    404  404   404     404      404
reports:summaries kinship              4  login     404   404  404  200      404    404  404   404     404      404
reports:summary summary                9  login     200   200  200  404      404    404  404   404     404      404
reports:summary kinship_summary        9  login     404   404  404  200      404    404  404   404     404      404
reports:summary_file summary ending=csv  5  login     200   200  200  404      404    404  404   404     404      404
reports:summary_file summary ending=xlsx  5  login     200   200  200  404      404    404  404   404     404      404
reports:summary_file kinship_summary ending=csv  5  login     404   404  404  200      404    404  404   404     404      404
reports:summary_file kinship_summary ending=xlsx  5  login     404   404  404  200      404    404  404   404     404      404
reports:summary_note summary           5  login     404   404  200  404      404    404  404   404     404      404
reports:summary_note kinship_summary   5  login     404   404  404  200      404    404  404   404     404      404
reports:summary_send summary           2  login     405   405  405  405      405    405  405   405     405      405
# Settings and catalogue of an agency
reports:settings  7  login     404   404  404  404      404    200  200   404     404      404
reports:settings_change code=time  3  login     404   404  404  404      404    404  200   404     404      404
reports:settings_change code=figures  2  login     404   404  404  404      404    404  200   404     404      404
reports:settings_change code=sharing  2  login     404   404  404  404      404    404  200   404     404      404
reports:settings_change code=keeping  2  login     404   404  404  404      404    404  200   404     404      404
reports:settings_change code=hold  2  login     404   404  404  404      404    404  200   404     404      404
reports:settings_change code=nonsense  2  login     404   404  404  404      404    404  404   404     404      404
actions:allowed  3  login     404   404  404  404      404    200  200   404     404      404
actions:allowed_remove allowed_text  2  login     405   405  405  405      405    405  405   405     405      405
actions:terms which=communities  5  login     404   404  404  404      404    200  200   404     404      404
actions:terms which=practices  5  login     404   404  404  404      404    200  200   404     404      404
actions:terms which=nonsense  2  login     404   404  404  404      404    404  404   404     404      404
actions:term_new which=communities  3  login     404   404  404  404      404    404  200   404     404      404
actions:term_new which=practices  3  login     404   404  404  404      404    404  200   404     404      404
actions:term_rename own_community which=communities  4  login     404   404  404  404      404    404  200   404     404      404
actions:term_offer own_community which=communities how=hide  2  login     405   405  405  405      405    405  405   405     405      405
actions:term_move own_community which=communities way=up  2  login     405   405  405  405      405    405  405   405     405      405
# People, teams and invitations of an agency
teams:people                           5  login  404  404  404  404  404  200  200  404  404  404
teams:people ?q=canary&role=member     5  login  404  404  404  404  404  200  200  404  404  404
teams:person person                    4  login  404  404  404  404  404  200  200  404  404  404
teams:person left                      4  login  404  404  404  404  404  200  200  404  404  404
teams:agency_teams                     4  login  404  404  404  404  404  200  200  404  404  404
reports:team team                      7  login  404  404  404  404  404  200  200  404  404  404
reports:team kinship                   7  login  404  404  404  404  404  200  200  404  404  404
teams:invitations                      4  login  404  404  404  404  404  200  200  404  404  404
teams:people ?team=x                   2  login  404  404  404  404  404  422  422  404  404  404
teams:people_add ?person=x             2  login  404  404  404  404  404  404  302  404  404  404
teams:people_add ?person={person}             5  login  404  404  404  404  404  404  200  404  404  404
teams:people_close ?person=x           2  login  404  404  404  404  404  404  302  404  404  404
teams:people_close ?person={person}           4  login  404  404  404  404  404  404  200  404  404  404
teams:person_address person            3  login  404  404  404  404  404  404  200  404  404  404
teams:person_address left              2  login  404  404  404  404  404  404  404  404  404  404
teams:provider                         3  login  404  404  404  404  404  404  200  404  404  404
teams:provider_remove                  2  login  404  404  404  404  404  404  404  404  404  404
teams:person_edit person               3  login  404  404  404  404  404  404  200  404  404  404
teams:person_close person              3  login  404  404  404  404  404  404  200  404  404  404
teams:spell_new person                 4  login  404  404  404  404  404  404  200  404  404  404
teams:spell_move spell                 4  login  404  404  404  404  404  404  200  404  404  404
teams:spell_role spell                 3  login  404  404  404  404  404  404  200  404  404  404
teams:spell_end spell                  3  login  404  404  404  404  404  404  200  404  404  404
teams:team_close team                  4  login  404  404  404  404  404  404  200  404  404  404
teams:team_close kinship ?how=close&on=2026-07-20  4  login  404  404  404  404  404  404  200  404  404  404
reports:team_new                       3  login  404  404  404  404  404  404  200  404  404  404
reports:team_edit team                 4  login  404  404  404  404  404  404  200  404  404  404
teams:person_close left                2  login  404  404  404  404  404  404  404  404  404  404
teams:spell_new left                   2  login  404  404  404  404  404  404  404  404  404  404
teams:person_link person               2  login  405  405  405  405  405  405  405  405  405  405
teams:person_open left                 2  login  405  405  405  405  405  405  405  405  405  405
teams:team_undo closing                2  login  405  405  405  405  405  405  405  405  405  405
teams:invitation_again invitation      2  login  405  405  405  405  405  405  405  405  405  405
teams:invitation_revoke invitation     2  login  405  405  405  405  405  405  405  405  405  405
# Jobs
reports:audit                            11  login  404  404  404  404  404  200  200  404  404  404
reports:audit ?first=x                   2  login  404  404  404  404  404  422  422  404  404  404
reports:audit_file ending=csv            11  login  404  404  404  404  404  200  200  404  404  404
reports:audit_file ending=xlsx           11  login  404  404  404  404  404  200  200  404  404  404
reports:audit_of_person person           12  login  404  404  404  404  404  200  200  404  404  404
reports:audit_of_team team               12  login  404  404  404  404  404  200  200  404  404  404
reports:audit_of_team kinship            12  login  404  404  404  404  404  200  200  404  404  404
reports:jobs                          12  login     404   404  404  404      404    200  200   404     404      404
reports:try_again mail                 2  login     405   405  405  405      405    405  405   405     405      405
# Imports
reports:imports                                        3  login     404   404  404  404      404    200  200   404     404      404
reports:import_new kind=people                         2  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=people ending=csv         2  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=people ending=xlsx        2  login     404   404  404  404      404    404  200   404     404      404
reports:import_new kind=teams                          2  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=teams ending=csv          3  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=teams ending=xlsx         3  login     404   404  404  404      404    404  200   404     404      404
reports:import_new kind=actions                        2  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=actions ending=csv        4  login     404   404  404  404      404    404  200   404     404      404
reports:import_template kind=actions ending=xlsx       4  login     404   404  404  404      404    404  200   404     404      404
reports:import import                                  4  login     404   404  404  404      404    404  200   404     404      404
reports:import ready_import                            4  login     404   404  404  404      404    404  200   404     404      404
reports:import done_import                             3  login     404   404  404  404      404    404  200   404     404      404
reports:import_progress import                         3  login     404   404  404  404      404    404  200   404     404      404
reports:import_errors import                           3  login     404   404  404  404      404    404  200   404     404      404
reports:import_errors done_import                      2  login     404   404  404  404      404    404  404   404     404      404
reports:import_confirm import                          2  login     405   405  405  405      405    405  405   405     405      405
reports:import_warnings import                         2  login     405   405  405  405      405    405  405   405     405      405
reports:import_cancel import                           2  login     405   405  405  405      405    405  405   405     405      405
reports:import_undo import                             2  login     405   405  405  405      405    405  405   405     405      405
# Figures of an agency and of the sector
reports:agency_figures                 4  login     200   200  200  200      200    200  404   404     404      200
reports:agency_figures ?first=x        4  login     422   422  422  422      422    422  404   404     404      422
reports:agency_file ending=csv         4  login     200   200  200  200      200    200  404   404     404      200
reports:agency_file ending=xlsx        4  login     200   200  200  200      200    200  404   404     404      200
reports:agency_file ending=csv ?first=x  4  login     422   422  422  422      422    422  404   404     404      422
reports:sector_figures                 4  login     404   404  404  404      404    200  404   200     404      404
reports:sector_figures ?first=x        2  login     404   404  404  404      404    422  404   422     404      404
reports:sector_file ending=csv         4  login     404   404  404  404      404    200  404   200     404      404
reports:sector_file ending=xlsx        4  login     404   404  404  404      404    200  404   200     404      404
# Signing in, and the password
teams:agency_account                   0  200  302  302  302  302  302  302  302  302  302  302
teams:agency_account_link              2  login  405  405  405  405  405  405  405  405  405  405
teams:agency_account_unlink            2  login  405  405  405  405  405  405  405  405  405  405
teams:agency_account_back slug=x       2  403  403  403  403  403  403  403  403  403  403  403
teams:address                          5  login  302  200  200  200  200  200  200  200  200  200
teams:address_confirm token=x          3  login  410  410  410  410  410  410  410  410  410  410
account_login                          0  200       302   302  302  302      302    302  302   302     302      302
account_logout                         2  302       200   200  200  200      200    200  200   200     200      200
account_inactive                       2  200       200   200  200  200      200    200  200   200     200      200
account_signup                         0  200       302   302  302  302      302    302  302   302     302      302
account_reauthenticate                 8  login     200   403  403  403      403    403  403   403     403      403
account_reauthenticate_by_mail         5  login     302   403  403  403      403    403  403   403     403      403
account_change_password                2  login     200   302  302  302      302    302  302   302     302      302
account_set_password                   2  login     302   200  200  200      200    200  200   200     200      200
account_reset_password                 2  200       200   200  200  200      200    200  200   200     200      200
account_reset_password_done            2  200       200   200  200  200      200    200  200   200     200      200
account_reset_password_from_key uidb36=1 key=x  2  200       200   200  200  200      200    200  200   200     200      200
account_reset_password_from_key_done   2  200       200   200  200  200      200    200  200   200     200      200
account_request_login_code             0  200       302   302   302  302      302    302  302   302     302      302
account_confirm_login_code             2  302       302   302   302  302      302    302  302   302     302      302
mfa_login_webauthn                     2  302       302   302   302  302      302    302  302   302     302      302
mfa_authenticate                       2  302       302   302   302  302      302    302  302   302     302      302
mfa_index                              5  login     200   200   200  200      200    200  200   200     200      200
mfa_activate_totp                      8  login     302   200  200  200      200    200  200   200     200      200
mfa_deactivate_totp                    3  login     404   404   404  404      404    404  404   404     404      404
mfa_add_webauthn                       8  login     302   200  200  200      200    200  200   200     200      200
mfa_remove_webauthn pk=1               8  login     302   404  404  404      404    404  404   404     404      404
mfa_view_recovery_codes                3  login     404   404   404  404      404    404  404   404     404      404
mfa_generate_recovery_codes            6  login     302   200  200  200      200    200  200   200     200      200
mfa_download_recovery_codes            3  login     404   404   404  404      404    404  404   404     404      404
mfa_reauthenticate                     5  login     302   403  403  403      403    403  403   403     403      403
mfa_reauthenticate_webauthn            5  login     302   403  403  403      403    403  403   403     403      403
teams:sessions                         3  login     200   200   200  200      200    200  200   200     200      200
teams:session_end session              2  login     405   405   405  405      405    405  405   405     405      405
teams:sessions_end_others              2  login     405   405   405  405      405    405  405   405     405      405
teams:stay                             2  login     405   405   405  405      405    405  405   405     405      405
teams:language                         2  405       405   405  405  405      405    405  405   405     405      405
# For machines
healthz                                3  200       200   200  200  200      200    200  200   200     200      200
metrics                                2  404       404   404  404  404      404    404  404   404     404      404
readyz                                 7  503       503   503  503  503      503    503  503   503     503      503
"""

POST = """
address                          queries  anonymous alice bob  sana director former lead admin analyst operator charlie
# One's own log
actions:log                            9  login     422   422  422  422      422    422  422   404     404      422
actions:quick_log                     11  login     422   422  422  422      422    422  422   404     404      422
actions:check_text                     2  login     200   200  200  200      200    200  200   404     404      200
actions:new_commitment                 5  login     422   422  422  422      422    422  422   404     404      422
actions:search                          2  login     200   200  200  200      200    200  200   404     404      200
actions:erase_texts                     6  login     302   302  302  302      302    302  302   404     404      302
actions:calendar_on                    3  login     302   302  302  302      302    302  302   404     404      302
actions:calendar_off                   3  login     302   302  302  302      302    302  302   404     404      302
teams:emails                           3  login     302   302  302  302      302    302  302   404     404      302
teams:visibility                       2  login     422   422  422  422      422    422  422   404     404      422
# An action and its commitments
actions:edit shared                   10  login     422   404  404  404      404    404  404   404     404      404
actions:edit counted                  10  login     422   404  404  404      404    404  404   404     404      404
actions:edit private                  10  login     422   404  404  404      404    404  404   404     404      404
actions:edit withdrawn                 3  login     404   404  404  404      404    404  404   404     404      404
actions:edit kinship_action            3  login     404   404  404  404      404    404  404   404     404      404
actions:withdraw shared                4  login     302   404  404  404      404    404  404   404     404      404
actions:withdraw private               4  login     302   404  404  404      404    404  404   404     404      404
actions:withdraw withdrawn             3  login     404   404  404  404      404    404  404   404     404      404
actions:restore withdrawn              4  login     302   404  404  404      404    404  404   404     404      404
actions:restore shared                 3  login     404   404  404  404      404    404  404   404     404      404
actions:renegotiate promise            3  login     422   404  404  404      404    404  404   404     404      404
actions:renegotiate kept               3  login     422   404  404  404      404    404  404   404     404      404
actions:drop promise                   3  login     422   404  404  404      404    404  404   404     404      404
actions:drop kept                      3  login     422   404  404  404      404    404  404   404     404      404
actions:keep promise                   5  login     302   404  404  404      404    404  404   404     404      404
actions:keep kept                      4  login     302   404  404  404      404    404  404   404     404      404
actions:reopen kept                    5  login     302   404  404  404      404    404  404   404     404      404
actions:reopen promise                 4  login     302   404  404  404      404    404  404   404     404      404
actions:renegotiate own_promise        3  login     422   404  404  404      404    404  404   404     404      404
actions:drop own_promise               3  login     422   404  404  404      404    404  404   404     404      404
actions:keep own_promise               5  login     302   404  404  404      404    404  404   404     404      404
actions:keep withdrawn_promise         3  login     404   404  404  404      404    404  404   404     404      404
actions:undo_commitment promise        4  login     302   404  404  404      404    404  404   404     404      404
actions:undo_commitment own_promise    4  login     302   404  404  404      404    404  404   404     404      404
actions:withdraw_commitment own_promise  4  login     302   404  404  404      404    404  404   404     404      404
actions:withdraw_commitment promise    3  login     404   404  404  404      404    404  404   404     404      404
actions:restore_commitment withdrawn_promise  4  login     302   404  404  404      404    404  404   404     404      404
# One's own drafts
actions:draft_keep                      2  login     422   422  422  422      422    422  422   404     404      422
actions:draft_delete draft              4  login     302   404  404  404      404    404  404   404     404      404
# One's own reflections
actions:reflection_new                 2  login     422   422  422  422      422    422  422   404     404      422
actions:reflection_on shared           4  login     422   404  404  404      404    404  404   404     404      404
actions:reflection_on kinship_action   3  login     404   404  404  404      404    404  404   404     404      404
actions:reflection_edit reflection     4  login     422   404  404  404      404    404  404   404     404      404
actions:reflection_delete reflection   4  login     302   404  404  404      404    404  404   404     404      404
# Asks
actions:ask_new                        5  login     422   422  422  422      422    422  422   404     404      422
actions:ask_answer ask                 3  login     404   404  422  404      404    404  404   404     404      404
actions:ask_answer told                3  login     404   404  409  404      404    404  404   404     404      404
actions:ask_answer lead_ask            3  login     404   404  404  404      404    422  404   404     404      404
actions:ask_withdraw ask               5  login     302   404  404  404      404    404  404   404     404      404
actions:ask_withdraw told              4  login     302   404  404  404      404    404  404   404     404      404
actions:ask_withdraw taken_back        4  login     302   404  404  404      404    404  404   404     404      404
actions:ask_restore taken_back         4  login     302   404  404  404      404    404  404   404     404      404
actions:ask_restore ask                4  login     302   404  404  404      404    404  404   404     404      404
actions:ask_restore told               3  login     404   404  404  404      404    404  404   404     404      404
# Initiatives
actions:initiative_new                 2  login     404   404  404  404      404    422  404   404     404      404
actions:initiative_edit initiative     2  login     404   404  404  404      404    422  404   404     404      404
actions:initiative_edit joint          2  login     404   404  404  404      404    422  404   404     404      404
actions:voice_links initiative         2  login     404   404  404  404      404    422  404   404     404      404
actions:voice_links joint              2  login     404   404  404  404      404    422  404   404     404      404
actions:voice_revoke made_link         2  login     404   404  404  404      404    302  404   404     404      404
# By a secret link
actions:voice voice_link               9  422       403   403  403  403      403    403  403   403     403      403
actions:voice token=x                  3  404       404   404  404  404      404    404  404   404     404      404
teams:join join_link                   6  422  422  422  422  422  422  422  422  422  422  422
teams:join token=x                     3  404  404  404  404  404  404  404  404  404  404  404
teams:join_by_account join_link        4  302  302  302  302  302  302  302  302  302  302  302
teams:join_again join_link             4  200  200  200  200  200  200  200  200  200  200  200
teams:unsubscribe reminders_link       4  200       200   200  200  200      200    200  200   200     200      200
teams:unsubscribe summaries_link       4  200       200   200  200  200      200    200  200   200     200      200
teams:unsubscribe token=x              2  404       404   404  404  404      404    404  404   404     404      404
# Summaries of a team
reports:summary_note summary           3  login     404   404  409  404      404    404  404   404     404      404
reports:summary_note kinship_summary   3  login     404   404  404  409      404    404  404   404     404      404
reports:summary_send summary           6  login     302   302  302  404      404    404  404   404     404      404
reports:summary_send kinship_summary   3  login     404   404  404  302      404    404  404   404     404      404
# Settings and catalogue of an agency
reports:settings_change code=time  2  login     404   404  404  404      404    404  422   404     404      404
reports:settings_change code=figures  2  login     404   404  404  404      404    404  422   404     404      404
reports:settings_change code=sharing  2  login     404   404  404  404      404    404  422   404     404      404
reports:settings_change code=keeping  2  login     404   404  404  404      404    404  422   404     404      404
reports:settings_change code=hold  6  login     404   404  404  404      404    404  200   404     404      404
actions:allowed  2  login     404   404  404  404      404    404  422   404     404      404
actions:allowed_remove allowed_text  2  login     404   404  404  404      404    404  302   404     404      404
actions:term_new which=communities  2  login     404   404  404  404      404    404  422   404     404      404
actions:term_new which=practices  2  login     404   404  404  404      404    404  422   404     404      404
actions:term_rename own_community which=communities  2  login     404   404  404  404      404    404  302   404     404      404
actions:term_offer own_community which=communities how=hide  2  login     404   404  404  404      404    404  302   404     404      404
actions:term_offer own_community which=communities how=nonsense  2  login     404   404  404  404      404    404  404   404     404      404
actions:term_move own_community which=communities way=up  2  login     404   404  404  404      404    404  302   404     404      404
actions:term_move own_community which=communities way=nonsense  2  login     404   404  404  404      404    404  404   404     404      404
# People, teams and invitations of an agency
teams:person_address person            2  login  404  404  404  404  404  404  422  404  404  404
teams:provider                         2  login  404  404  404  404  404  404  422  404  404  404
teams:person_edit person               2  login  404  404  404  404  404  404  422  404  404  404
teams:spell_new person                 2  login  404  404  404  404  404  404  422  404  404  404
teams:spell_move spell                 2  login  404  404  404  404  404  404  422  404  404  404
teams:spell_role spell                 2  login  404  404  404  404  404  404  422  404  404  404
teams:spell_end spell                  2  login  404  404  404  404  404  404  422  404  404  404
teams:team_close team                  2  login  404  404  404  404  404  404  422  404  404  404
reports:team_new                       2  login  404  404  404  404  404  404  422  404  404  404
reports:team_edit team                 2  login  404  404  404  404  404  404  422  404  404  404
teams:invitations                      2  login  404  404  404  404  404  404  422  404  404  404
teams:people_add                       2  login  404  404  404  404  404  404  422  404  404  404
teams:people_close                     2  login  404  404  404  404  404  404  422  404  404  404
teams:person_link person               2  login  404  404  404  404  404  404  302  404  404  404
teams:person_close person              2  login  404  404  404  404  404  404  302  404  404  404
teams:person_open left                 2  login  404  404  404  404  404  404  302  404  404  404
teams:team_undo closing                2  login  404  404  404  404  404  404  302  404  404  404
teams:invitation_again invitation      2  login  404  404  404  404  404  404  302  404  404  404
teams:invitation_revoke invitation     2  login  404  404  404  404  404  404  302  404  404  404
# Jobs
reports:try_again mail                 2  login     404   404  404  404      404    404  302   404     404      404
# Imports
reports:import_new kind=people                         2  login     404   404  404  404      404    404  422   404     404      404
reports:import_new kind=teams                          2  login     404   404  404  404      404    404  422   404     404      404
reports:import_new kind=actions                        2  login     404   404  404  404      404    404  422   404     404      404
reports:import_confirm ready_import                    2  login     404   404  404  404      404    404  302   404     404      404
reports:import_warnings ready_import                   2  login     404   404  404  404      404    404  302   404     404      404
reports:import_cancel ready_import                     2  login     404   404  404  404      404    404  302   404     404      404
reports:import_undo done_import                        2  login     404   404  404  404      404    404  302   404     404      404
# Signing in, and the password
teams:agency_account                   0  200  302  302  302  302  302  302  302  302  302  302
teams:agency_account_link              9  login  302  404  404  404  404  404  404  404  404  404
teams:agency_account_unlink            9  login  302  302  302  302  302  302  302  404  404  302
teams:address                          9  login  302  422  422  422  422  422  422  422  422  422
teams:address_confirm token=x          3  login  410  410  410  410  410  410  410  410  410  410
account_login                          0  200       302   302  302  302      302    302  302   302     302      302
account_logout                         4  302       302   302  302  302      302    302  302   302     302      302
account_signup                         0  200       302   302  302  302      302    302  302   302     302      302
account_reauthenticate                 8  login     200   403  403  403      403    403  403   403     403      403
account_reauthenticate_by_mail         5  login     302   403  403  403      403    403  403   403     403      403
account_change_password                2  login     200   302  302  302      302    302  302   302     302      302
account_set_password                   2  login     302   200  200  200      200    200  200   200     200      200
account_reset_password                 2  200       200   200  200  200      200    200  200   200     200      200
account_reset_password_from_key uidb36=1 key=x  2  200       200   200  200  200      200    200  200   200     200      200
account_request_login_code             0  200       302   302   302  302      302    302  302   302     302      302
account_confirm_login_code             2  302       302   302   302  302      302    302  302   302     302      302
mfa_login_webauthn                     2  302       302   302   302  302      302    302  302   302     302      302
mfa_authenticate                       2  302       302   302   302  302      302    302  302   302     302      302
mfa_activate_totp                      8  login     302   200  200  200      200    200  200   200     200      200
mfa_add_webauthn                       8  login     302   200  200  200      200    200  200   200     200      200
mfa_remove_webauthn pk=1               9  login     302   404  404  404      404    404  404   404     404      404
mfa_generate_recovery_codes            7  login     302   200  200  200      200    200  200   200     200      200
mfa_reauthenticate                     5  login     302   403  403  403      403    403  403   403     403      403
mfa_reauthenticate_webauthn            5  login     302   403  403  403      403    403  403   403     403      403
teams:session_end session              4  login     302   404  404  404      404    404  404   404     404      404
teams:sessions_end_others              3  login     302   302   302  302      302    302  302   302     302      302
teams:stay                             3  login     204   204   204  204      204    204  204   204     204      204
teams:language                         2  302       302   302  302  302      302    302  302   302     302      302
"""

# Who reads which text somewhere in this walk, her own name in the menu left aside.
READS = """
text                                      anonymous alice bob  sana director former lead admin analyst operator charlie
# Names of teams and terms
the name of the team of Alice's agency    -         x     x    x    -        -      x    x     -       -        -
the name of Kinship                       -         -     -    -    x        -      x    x     -       -        -
the name of the director's second team    -         -     -    -    x        -      x    x     -       -        -
the name of Alice's second team           -         x     -    -    -        -      x    x     -       -        -
the name of Alice's agency                x         x     x    x    x        x      x    x     x       x        x
a practice of Alice's agency              -         x     x    x    x        x      x    x     -       -        -
a renamed practice of Alice's agency      -         x     x    x    x        x      x    x     -       -        -
a community of Alice's agency             -         x     x    x    x        x      x    x     -       -        -
an allowed text of Alice's agency         -         -     -    -    -        -      x    x     -       -        -
the reason of a hold of Alice's agency    -         -     -    -    -        -      x    x     -       -        -
# Notes
a shared note of Alice's agency           -         x     x    x    -        -      -    -     -       -        -
a counted note of Alice's agency          -         x     -    -    -        -      -    -     -       -        -
a private note of Alice's agency          -         x     -    -    -        -      -    -     -       -        -
a withdrawn note of Alice's agency        -         -     -    -    -        -      -    -     -       -        -
a note that Bob shared                    -         x     x    x    -        -      -    -     -       -        -
a note that Bob kept private              -         -     x    -    -        -      -    -     -       -        -
a note shared at Kinship                  -         -     -    -    x        -      -    -     -       -        -
the words of a promise of Alice's agency  -         x     -    -    -        -      -    -     -       -        -
the words of a withdrawn promise          -         -     -    -    -        -      -    -     -       -        -
the reference of an imported action       -         -     -    -    -        -      -    -     -       -        -
what Alice has not finished               -         x     -    -    -        -      -    -     -       -        -
what Alice wrote for herself              -         x     -    -    -        -      -    -     -       -        -
# What supervisors write
on a summary of Alice's agency            -         x     x    x    -        -      -    -     -       -        -
on a summary of Kinship                   -         -     -    -    x        -      -    -     -       -        -
# Asks
an open ask of Alice's agency             -         x     -    x    -        -      -    -     -       -        -
an answered ask of Alice's agency         -         x     x    x    -        -      -    -     -       -        -
a declined ask of Alice's agency          -         x     -    x    -        -      -    -     -       -        -
an ask to the lead of Alice's agency      -         x     -    -    -        -      x    -     -       -        -
a lead's answer of Alice's agency         -         x     x    x    -        -      x    -     -       -        -
a withdrawn ask of Alice's agency         -         -     -    -    -        -      -    -     -       -        -
# Initiatives
the words of an initiative of Alice's agency      -         x     x    x    x        x      x    -     -       -        -
the words of an initiative of Charlie's agency    -         -     -    -    -        -      -    -     -       -        x
the words of a joint initiative           -         x     x    x    x        x      x    -     -       -        x
the title and the aim of one with a link  x         x     x    x    x        x      x    x     x       x        x
# People
the name of alice                         -         -     x    x    -        -      x    x     -       -        -
the name of bob                           -         x     -    x    -        -      x    x     -       -        -
the name of sana                          -         x     x    -    -        -      x    x     -       -        -
the name of director                      -         -     -    -    -        -      x    x     -       -        -
the name of dana                          -         -     -    -    x        -      x    x     -       -        -
the name of former                        -         -     -    -    -        -      x    x     -       -        -
the name of lead                          -         -     -    -    -        -      -    x     -       -        -
the name of admin                         -         -     -    -    -        -      x    -     -       -        -
the name of analyst                       -         -     -    -    -        -      -    -     -       -        -
the name of operator                      -         -     -    -    -        -      -    -     -       -        -
anybody's e-mail address                  -         -     -    -    -        -      x    x     -       -        -
the name of chief                         -         -     -    -    -        -      -    -     -       -        -
the name of somebody imported             -         -     -    -    -        -      x    x     -       -        -
the name of an imported team              -         -     -    -    -        -      x    x     -       -        -
# What admins look after
the name of a closed team of Alice's agency   -         -     -    -    -        -      x    x     -       -        -
the name of who left Alice's agency           -         -     -    -    -        -      x    x     -       -        -
an address invited by Alice's agency          x         x     x    x    x        x      x    x     x       x        x
# Files of imports
the name of a file                        -         -     -    -    -        -      x    x     -       -        -
the name of somebody in a file            -         -     -    -    -        -      -    x     -       -        -
# Another agency
the name of a closed team of Charlie's agency -         -     -    -    -        -      -    -     -       -        -
the name of who left Charlie's agency         -         -     -    -    -        -      -    -     -       -        -
an address invited by Charlie's agency        x         x     x    x    x        x      x    x     x       x        x
the name of the team of Charlie's agency  -         -     -    -    -        -      -    -     -       -        x
the name of Charlie's agency              x         x     x    x    x        x      x    x     x       x        x
a practice of Charlie's agency            -         -     -    -    -        -      -    -     -       -        x
a renamed practice of Charlie's agency    -         -     -    -    -        -      -    -     -       -        x
a community of Charlie's agency           -         -     -    -    -        -      -    -     -       -        x
an allowed text of Charlie's agency       -         -     -    -    -        -      -    -     -       -        -
the reason of a hold of Charlie's agency  -         -     -    -    -        -      -    -     -       -        -
a shared note of Charlie's agency         -         -     -    -    -        -      -    -     -       -        x
a counted note of Charlie's agency        -         -     -    -    -        -      -    -     -       -        x
a private note of Charlie's agency        -         -     -    -    -        -      -    -     -       -        x
a withdrawn note of Charlie's agency      -         -     -    -    -        -      -    -     -       -        -
what Charlie has not finished             -         -     -    -    -        -      -    -     -       -        x
what Charlie wrote for himself            -         -     -    -    -        -      -    -     -       -        x
on a summary of Charlie's agency          -         -     -    -    -        -      -    -     -       -        x
an open ask of Charlie's agency           -         -     -    -    -        -      -    -     -       -        x
an answered ask of Charlie's agency       -         -     -    -    -        -      -    -     -       -        x
a declined ask of Charlie's agency        -         -     -    -    -        -      -    -     -       -        x
an ask to the lead of Charlie's agency    -         -     -    -    -        -      -    -     -       -        x
a lead's answer of Charlie's agency       -         -     -    -    -        -      -    -     -       -        x
a withdrawn ask of Charlie's agency       -         -     -    -    -        -      -    -     -       -        -
the words of a promise of Charlie's agency -        -     -    -    -        -      -    -     -       -        x
the name of charlie                       -         -     -    -    -        -      -    -     -       -        -
the name of carla                         -         -     -    -    -        -      -    -     -       -        x
"""


# Answers in HTML that are a part of a page, and not one of their own.
FRAGMENTS = {"actions:check_text"}

# Posted by mail programs, which know no page of ours, or from one that sends no referrer and so no origin: a token in the address stands for the one in the form.
ONE_CLICK = {"teams:unsubscribe", "actions:voice"}

# Their addresses are secrets of people without an account: not even our own pages are told where they come from.
NO_REFERRER = {"actions:voice", "actions:voice_thanks"}

# The names of all fields into which something is typed on any page of this walk, and what becomes of it.
TEXT_FIELDS = {
    "note": "stored; read by the identifier guard first",
    "came_of_it": "stored; read by the identifier guard first",
    "will_try": "stored; read by the identifier guard first",
    "text": "stored, of a reflection sealed; read by the identifier guard first, or allowed there by an admin",
    "label_en": "stored; read by the identifier guard first",
    "label_fr": "stored; read by the identifier guard first",
    "description_en": "stored; read by the identifier guard first",
    "description_fr": "stored; read by the identifier guard first",
    "hold_reason": "stored; read by the identifier guard first",
    "partners": "stored; read by the identifier guard first; of an initiative: names of agencies here, stored as keys",
    "title": "stored; read by the identifier guard first",
    "aim": "stored; read by the identifier guard first",
    "outside": "stored; read by the identifier guard first",
    "resources": "stored; read by the identifier guard first",
    "practice": "a choice, carried by a hidden field from a draft back into its form",
    "hours": "a number; a text field because of the decimal comma",
    "in_the_way": "stored; read by the identifier guard first",
    "need": "stored; read by the identifier guard first",
    "answer": "stored; read by the identifier guard first",
    "name": "of a member of staff or of one's own passkey, as typed; of a team, read by the identifier guard first",
    "addresses": "of people who are invited; those that are none are said back and not kept",
    "q": "a search; stored nowhere",
    "who": "a search; stored nowhere",
    "about": "a search; stored nowhere",
    "email": "an address to which a link may be sent",
    "agency": "an agency's short name; looked up, not stored",
    "issuer": "an address that the agency's own sign-in is known by",
    "client_id": "what Allyship is called there",
    "secret": "kept sealed, and shown to nobody",
    "acr": "a value that the agency's own sign-in uses",
    "login": "the address that signs in",
    "password": "a password",
    "code": "of an authenticator app, of a mail or of the recovery codes; stored nowhere",
    "oldpassword": "a password",
    "password1": "a password",
    "password2": "a password",
}


@dataclass(frozen=True)
class Row:
    """One address; `cells` are the statuses by role."""

    section: str
    name: str
    object: str
    literals: dict[str, str]
    query: str
    queries: int
    cells: dict[str, str]

    def __str__(self) -> str:
        parts = [self.name, self.object, *(f"{key}={value}" for key, value in self.literals.items()), self.query]
        return " ".join(part for part in parts if part)

    @property
    def counted_role(self) -> str:
        """The one whose statements the table counts."""
        readers = [role for role in ROLES if self.cells[role] == "200"]
        return next((role for role in readers if role != "anonymous"), readers[0] if readers else "alice")

    @property
    def cells_of_theirs(self) -> dict[str, str]:
        """The same address with the object of charlie's agency: his as it is alice's here, and found by nobody else.

        A secret link opens to whoever has it.
        """
        if self.cells["anonymous"] in {"200", "302", "422"} and self.object:
            return self.cells
        refused = {role: cell if cell in {"login", "405"} else "404" for role, cell in self.cells.items()}
        return refused | {"charlie": self.cells["alice"]}


def rows(table: str) -> list[Row]:
    return [_row(section, words) for section, words in _lines(table)]


def _row(section: str, words: list[str]) -> Row:
    (name, *rest), (queries, *cells) = words[: -1 - len(ROLES)], words[-1 - len(ROLES) :]
    queried = [word for word in rest if word.startswith("?")]
    literals = [word for word in rest if "=" in word and word not in queried]
    named = [word for word in rest if word in OBJECTS]
    if len(queried) + len(literals) + len(named) < len(rest) or len(named) > 1:
        raise ValueError(f"{' '.join(rest)}: not one of OBJECTS, key=value or ?query")
    return Row(
        section=section,
        name=name,
        object="".join(named),
        literals=dict(word.split("=", 1) for word in literals),
        query="".join(queried),
        queries=int(queries),
        cells=dict(zip(ROLES, cells, strict=True)),
    )


def readers() -> dict[str, tuple[str, list[str]]]:
    """Each text of READS with its section and the roles that read it."""
    found = {}
    for section, words in _lines(READS):
        text, cells = " ".join(words[: -len(ROLES)]), words[-len(ROLES) :]
        found[text] = section, [role for role, cell in zip(ROLES, cells, strict=True) if cell == "x"]
    return found


def _lines(table: str) -> Iterator[tuple[str, list[str]]]:
    """The words of each line, with the section that it stands in; the first line has the headings."""
    section = ""
    for line in table.strip("\n").splitlines()[1:]:
        if line.startswith("#"):
            section = line.lstrip("# ")
        else:
            yield section, line.split()
