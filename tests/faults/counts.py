"""What is found afterwards, counted from raw rows and from what the mail server took."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tests.faults.naive import HEAD

# When a period is closed, whether a later one of its agency was known already: such a one is not mailed.
NOTES = """
CREATE TABLE faults_closed (agency_id uuid, first_day date, is_newest boolean);
CREATE FUNCTION faults_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO faults_closed SELECT NEW.agency_id, NEW.first_day, NOT EXISTS (
        SELECT FROM reports_agencyperiod WHERE agency_id = NEW.agency_id AND first_day > NEW.first_day);
    RETURN NULL;
END $$;
CREATE TRIGGER faults_note AFTER UPDATE OF closed_at ON reports_agencyperiod
    FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL) EXECUTE FUNCTION faults_note();
"""
WRONG = """
SELECT count(*) FROM reports_teamsummary s WHERE s.agency_id = ANY(%(agencies)s) AND (s.figures->>'total')::int <> (
    SELECT count(*) FROM actions_action a WHERE a.team_id = s.team_id AND a.visibility = 'shared'
    AND a.withdrawn_at IS NULL AND a.done_on BETWEEN s.period_start AND s.period_end)
OR s.agency_id = ANY(%(agencies)s) AND EXISTS (
    SELECT FROM jsonb_each_text(s.figures->'direction') d WHERE d.value::int <> (
        SELECT count(*) FROM actions_action a WHERE a.team_id = s.team_id AND a.visibility = 'shared'
        AND a.direction = d.key AND a.done_on BETWEEN s.period_start AND s.period_end))
"""
MAILS = """
SELECT w.id::text, s.id::text FROM faults_closed c
JOIN reports_teamsummary s ON s.agency_id = c.agency_id AND s.period_start = c.first_day
JOIN teams_membership m ON m.team_id = s.team_id AND m.role = 'supervisor'
JOIN teams_worker w ON w.id = m.worker_id
WHERE c.is_newest AND w.email NOT LIKE E'%%\\n%%' AND c.agency_id = ANY(%(agencies)s)
"""
SENT = """
SELECT d.id::text, d.recipient_id::text, d.summary_id::text FROM reports_delivery d WHERE d.kind = 'team_summary'
"""


@dataclass(frozen=True)
class Line:
    """One invariant: how often it could have been broken, what may be found at most, and what was."""

    name: str
    cases: int
    allowed: int
    found: int

    @property
    def holds(self) -> bool:
        return self.found <= self.allowed and self.cases > 0

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "BROKEN"
        return f"| {self.name:<52} | {self.cases:>7} | {self.allowed:>7} | {self.found:>5} | {verdict:<6} |"


def writes(sql, writers) -> list[Line]:
    told = {str(key): direction for writer in writers for key, direction in writer.acknowledged.items()}
    rows = sql("SELECT id::text, direction FROM actions_action")
    kept = Counter(key for key, direction in rows if told.get(key) == direction)
    return [
        Line("acknowledged writes lost", len(told), 0, sum(key not in kept for key in told)),
        Line("acknowledged writes made twice", len(told), 0, sum(n > 1 for n in kept.values())),
    ]


def periods(sql, tracked, now) -> list[Line]:
    """Poisoned periods apart: of that agency only what was there before the poison is looked at."""
    expected, found, teams = 0, Counter(), 0
    missing = extra = early = 0
    for each in tracked:
        due = each.due(now)
        rows = sql(
            "SELECT first_day, last_day, noticed_at FROM reports_agencyperiod WHERE agency_id = %s AND closed_at IS NOT NULL",
            [each.agency.pk],
        )
        there = {(first, last) for first, last, _ in rows}
        expected += len(due)
        missing += 0 if each.is_poisoned else len(due - there)
        extra += len(there - due)
        for _first, last, noticed in rows:
            days = max((noticed.astimezone(ZoneInfo(zone)).date() - last).days for zone in each.zones)
            early += days <= each.agency.grace_days
        summaries = Counter(
            sql(
                "SELECT team_id, period_start, period_end FROM reports_teamsummary WHERE agency_id = %s",
                [each.agency.pk],
            )
        )
        for first, last in there:
            for (team,) in sql("SELECT id FROM teams_team WHERE agency_id = %s", [each.agency.pk]):
                teams += 1
                found[summaries[team, first, last]] += 1
        extra += sum((first, last) not in there for _team, first, last in summaries)
    (overlapping,) = sql(
        "SELECT count(*) FROM reports_teamsummary a JOIN reports_teamsummary b ON a.team_id = b.team_id AND a.id < b.id"
        " AND daterange(a.period_start, a.period_end, '[]') && daterange(b.period_start, b.period_end, '[]')"
    )[0]
    (wrong,) = sql(WRONG, {"agencies": [each.agency.pk for each in tracked if not each.is_poisoned]})[0]
    return [
        Line("periods missing", expected, 0, missing),
        Line("periods that nobody expected", expected, 0, extra),
        Line("periods closed before their grace days were over", expected, 0, early),
        Line("team summaries missing", teams, 0, found[0]),
        Line("team summaries double or overlapping", teams, 0, overlapping + sum(found[n] for n in found if n > 1)),
        Line("team summaries with other figures than the rows", teams, 0, wrong),
    ]


def quarters(sql, tracked, now) -> list[Line]:
    """Protected figures of whole quarters, whatever the cadence; the poison is in summaries alone."""
    expected = missing = extra = again = 0
    for each in tracked:
        due = each.quarters_due(now)
        rows = Counter(
            sql(
                "SELECT first_day FROM reports_protectedquarter WHERE agency_id = %s AND closed_at IS NOT NULL",
                [each.agency.pk],
            )
        )
        there = {first for (first,) in rows}
        expected += len(due)
        missing += len(due - there)
        extra += len(there - due)
        again += sum(n > 1 for n in rows.values())
    return [
        Line("protected quarters missing", expected, 0, missing),
        Line("protected quarters double or before their time", expected, 0, extra + again),
    ]


def mails(sql, tracked, server, may_repeat) -> list[Line]:
    ours = [key for key in server.taken if not key.startswith(HEAD)]
    wanted = set(sql(MAILS, {"agencies": [each.agency.pk for each in tracked]}))
    known = {f"summary.{pk}": (recipient, summary) for pk, recipient, summary in sql(SENT)}
    got = {known[key] for key in ours if key in known}
    per_person = Counter(known[key] for key in set(ours) if key in known)
    return [
        Line("mails lost", len(wanted), 0, len(wanted - got)),
        Line("mails repeated, at most one for each of these faults", len(ours), may_repeat, len(ours) - len(set(ours))),
        Line("mails repeated with another Message-ID", len(per_person), 0, sum(n > 1 for n in per_person.values())),
        Line("mails that no row tells of", len(ours), 0, sum(key not in known for key in ours)),
        Line("rows of mail that say neither sent nor why not", len(known), 0, _untold(sql)),
    ]


def _untold(sql) -> int:
    (n,) = sql("SELECT count(*) FROM reports_delivery WHERE status <> 'sent' AND last_error = ''")[0]
    return n


def control(sql, server, fired) -> list[Line]:
    """The usual design under the same faults."""
    (rows,) = sql("SELECT count(*) FROM naive_period")[0]
    sent = len({key for key in server.taken if key.startswith(HEAD)})
    return [
        Line("control: periods missing", fired, 0, max(0, fired - rows)),
        Line("control: mails lost", fired, 0, max(0, fired - sent)),
    ]
