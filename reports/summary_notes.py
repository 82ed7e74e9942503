"""What a team's supervisors write on its summary, in versions, and what the team said it would try the time before."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction

from reports.models import SummaryNote, SummaryNoteQuerySet, TeamSummary
from reports.pages.labels import period_label
from teams.models import Agency, Worker


class StaleVersion(Exception):
    """Somebody else wrote a newer version since the form was opened."""

    def __init__(self, saved: SummaryNote) -> None:
        self.saved = saved
        super().__init__(f"Version {saved.version} is newer.")


def latest(summary: TeamSummary) -> SummaryNote | None:
    return summary.notes.select_related("author").first()


@dataclass(frozen=True)
class SaidBefore:
    """What a team said that it would try; `label` is the period of the summary that says so."""

    will_try: str
    summary: UUID
    label: str


def said_before(summary: TeamSummary) -> SaidBefore | None:
    """Of the last summary on which anything was written; None where that says nothing of what the team would try."""
    last = SummaryNote.objects.before(summary).select_related("summary").first()
    return (
        SaidBefore(last.will_try, last.summary_id, period_label(last.summary.period))
        if last and last.will_try
        else None
    )


def write(new: SummaryNote, *, over: int, by: Worker, now: datetime) -> SummaryNote:
    """Add a version over the one that was read (0: none); the same texts again add nothing.

    StaleVersion where another one is newer than that.
    """
    saved = latest(new.summary)
    if saved and saved.texts == new.texts:
        return saved
    if saved and saved.version != over:
        raise StaleVersion(saved)
    new.version = saved.version + 1 if saved else 1
    new.agency_id, new.author, new.written_at = new.summary.agency_id, by, now
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        faster = latest(new.summary)
        if faster is None or faster.version < new.version:
            raise
        raise StaleVersion(faster) from None
    return new


def older_than(agency: Agency, day: date) -> SummaryNoteQuerySet:
    """Versions that were written before the day."""
    midnight = datetime.combine(day, time.min, tzinfo=agency.zone)
    return SummaryNote.objects.filter(agency=agency, written_at__lt=midnight)


def erase_old(agency: Agency, day: date, *, at_most: int) -> int:
    """A version is its words: it goes as a whole. The figures of the summary stay."""
    keys = list(older_than(agency, day).values_list("pk", flat=True)[:at_most])
    return SummaryNote.objects.filter(pk__in=keys).delete()[0]
