"""A team summary as a document: what its page, its print, its e-mail and its files say, from the frozen figures alone."""

from dataclasses import dataclass

from django.urls import reverse

from actions.vocabulary import reader_language
from reports import questions
from reports.figures.counts import TeamFigures
from reports.models import TeamSummary
from reports.pages import tables
from reports.pages.dashboards import headline
from reports.pages.labels import period_label
from reports.pages.tables import Tables


@dataclass(frozen=True)
class Asked:
    """One question for the team's next supervision, and the communities it is about."""

    text: str
    communities: list[str]


@dataclass(frozen=True)
class SummaryDocument:
    """In the active language. `changes` is None where there is too little to compare; `before` None where nothing is.

    `before` is the period just before, of the same length; `earlier` the latest before, whatever its length.
    """

    summary: TeamSummary
    earlier: TeamSummary | None
    before: TeamSummary | None
    figures: TeamFigures
    label: str
    headline: str
    questions: list[Asked]
    tables: Tables
    changes: list[str] | None


def of(summary: TeamSummary) -> SummaryDocument:
    figures = summary.team_figures
    communities = tables.communities_of(summary.agency)
    earlier = TeamSummary.objects.filter(team=summary.team_id, period_start__lt=summary.period_start).first()
    before = earlier if earlier and earlier.period == summary.period.previous() else None
    return SummaryDocument(
        summary=summary,
        earlier=earlier,
        before=before,
        figures=figures,
        label=period_label(summary.period),
        headline=headline(figures, summary.period),
        questions=[
            Asked(
                questions.text(question["code"], reader_language()),
                [communities[pk].name for pk in question["communities"] if pk in communities],
            )
            for question in summary.questions
            if question["code"] in questions.ENTRIES  # one that has left the catalogue is no longer asked
        ],
        tables=Tables(
            figures,
            communities,
            file=lambda name, ending: (
                reverse("reports:summary_file", args=[summary.pk, ending]) + (f"?table={name}" if name else "")
            ),
        ),
        changes=tables.changes(figures, before.team_figures) if before else None,
    )
