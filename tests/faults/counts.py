"""What is found afterwards, counted from raw rows and from what the mail server took."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.faults.naive import EVERY, HEAD
from tests.faults.outages import POSTGRES, VALKEY
from tests.faults.points import CUT_SHORT, NO_DATABASE

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
        return f"| {self.name:<58} | {self.cases:>7} | {self.allowed:>7} | {self.found:>5} | {verdict:<6} |"


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


def web(writers) -> list[Line]:
    """Errors while Valkey was down in some part of the request, and PostgreSQL in none."""
    requests, errors = (sum((getattr(each, of) for each in writers), Counter()) for of in ("requests", "errors"))
    named = {
        False: "web errors while Valkey was down",
        True: "web errors while Valkey was down, on a page that rings it",
    }
    return [Line(name, requests[rings, VALKEY], 0, errors[rings, VALKEY]) for rings, name in named.items()]


def mails(sql, tracked, run) -> list[Line]:
    ours = [each for each in run.server.taken if not each.key.startswith(HEAD)]
    wanted = set(sql(MAILS, {"agencies": [each.agency.pk for each in tracked]}))
    known = {f"summary.{pk}": (recipient, summary) for pk, recipient, summary in sql(SENT)}
    links = set.union(*(writer.typed for writer in run.writers))
    promised = set.union(*(writer.promised for writer in run.writers))
    got = {known[key] for key, _address, _at in ours if key in known}
    addresses = {address for _key, address, _at in ours}
    whose = Counter(known.get(key, address) for key, address in {(key, address) for key, address, _at in ours})
    return [
        Line("mails lost", len(wanted), 0, len(wanted - got)),
        Line("mails with a link lost", len(promised), 0, len(promised - addresses)),
        Line("mails repeated, and not cut short by a fault", len(ours), 0, _for_no_reason(ours, run)),
        Line("mails repeated with another Message-ID", len(whose), 0, sum(n > 1 for n in whose.values())),
        Line(
            "mails that no row tells of", len(ours), 0, sum(m.key not in known and m.address not in links for m in ours)
        ),
        Line("rows of mail that say neither sent nor why not", len(known), 0, _untold(sql)),
    ]


@dataclass(frozen=True)
class CutShort:
    """A try to send a mail whose process did not get to mark it, and why: see points.py."""

    key: str
    begun: float
    ended: float
    why: str

    def sent(self, mail) -> bool:
        return mail.key == self.key and self.begun <= mail.at <= self.ended


def cut_short(outages) -> list[CutShort]:
    """Each try once. That the database was lost counts only where it was stopped in that time."""
    found = {}
    for line in CUT_SHORT.read_text().splitlines() if CUT_SHORT.exists() else ():
        key, begun, ended, why = line.split("|")
        one = CutShort(key, float(begun), float(ended), why)
        if why != NO_DATABASE or POSTGRES in outages.during(one.begun, one.ended):
            found.setdefault((key, begun), one)
    return list(found.values())


def repeats(run) -> Counter:
    """Why mails that the mail server took were cut short, and how often."""
    return Counter(one.why for one in cut_short(run.outages) if any(map(one.sent, run.server.taken)))


def _for_no_reason(ours, run) -> int:
    """How often mails were taken beyond once each, and beyond one more for each time that a try of theirs was cut short.

    This is the least that can be: a mail whose sending ended well is marked as sent, in a transaction, and no one claims
    it again. So it comes again only where the try was cut short between the mail server and the end of that transaction:
    its process was killed there, the mail server did not say that it had it, PostgreSQL was stopped, or the clock jumped
    over the lease. Whichever it was, it happened to this mail while a process held it: a fault elsewhere or at another
    time is no excuse, nor is one fault for two sendings.
    """
    times = Counter(mail.key for mail in ours)
    excused = Counter(one.key for one in cut_short(run.outages) if any(map(one.sent, ours)))
    return sum(max(0, n - 1 - excused[key]) for key, n in times.items())


def _untold(sql) -> int:
    (n,) = sql("SELECT count(*) FROM reports_delivery WHERE status <> 'sent' AND last_error = ''")[0]
    return n


def control(sql, server, since, until, when) -> list[Line]:
    """The usual design in that time: periods left out between those that were fired, and mails that nobody got.

    A beat that is late, by less than a period each time, leaves none out, however much that comes to.
    """
    rows = sql(
        "SELECT id, fired_at FROM naive_period WHERE fired_at >= %s AND fired_at < %s ORDER BY fired_at", [since, until]
    )
    moments = [since, *(fired_at for _id, fired_at in rows), until]
    missing = sum(max(0, int((after - before).total_seconds() / EVERY) - 1) for before, after in pairwise(moments))
    taken = {mail.key for mail in server.taken}
    lost = sum(f"{HEAD}{pk}" not in taken for pk, _fired_at in rows)
    return [
        Line(f"control, {when}: periods missing", len(rows) + missing, 0, missing),
        Line(f"control, {when}: mails lost", len(rows) + missing, 0, missing + lost),
    ]
