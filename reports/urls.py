from django.urls import path, register_converter

from reports.imports.kinds import KindConverter
from reports.pages.files import EndingConverter
from reports.views import agency_settings, audit, dashboards, imports, jobs, protected, summaries, team_pages

register_converter(EndingConverter, "ending")
register_converter(KindConverter, "import_kind")

app_name = "reports"
urlpatterns = [
    path("agency/audit/", audit.audit, name="audit"),
    path("agency/audit.<ending:ending>", audit.audit_file, name="audit_file"),
    path("agency/people/<uuid:pk>/audit/", audit.of_person, name="audit_of_person"),
    path("agency/teams/<uuid:pk>/audit/", audit.of_team, name="audit_of_team"),
    path("agency/settings/", agency_settings.page, name="settings"),
    path("agency/settings/<slug:code>/", agency_settings.change, name="settings_change"),
    path("agency/imports/", imports.import_list, name="imports"),
    path("agency/imports/new/<import_kind:kind>/", imports.new, name="import_new"),
    path("agency/imports/template/<import_kind:kind>.<ending:ending>", imports.template, name="import_template"),
    path("agency/imports/<uuid:pk>/", imports.page, name="import"),
    path("agency/imports/<uuid:pk>/progress/", imports.progress, name="import_progress"),
    path("agency/imports/<uuid:pk>/errors.csv", imports.errors, name="import_errors"),
    path("agency/imports/<uuid:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("agency/imports/<uuid:pk>/warnings/", imports.take_warnings, name="import_warnings"),
    path("agency/imports/<uuid:pk>/cancel/", imports.cancel, name="import_cancel"),
    path("agency/imports/<uuid:pk>/undo/", imports.undo, name="import_undo"),
    path("agency/jobs/", jobs.page, name="jobs"),
    path("agency/jobs/mail/<uuid:pk>/again/", jobs.try_again, name="try_again"),
    path("agency/teams/new/", team_pages.new, name="team_new"),
    path("agency/teams/<uuid:pk>/", team_pages.team, name="team"),
    path("agency/teams/<uuid:pk>/edit/", team_pages.edit, name="team_edit"),
    path("figures/", protected.agency_figures, name="agency_figures"),
    path("figures.<ending:ending>", protected.agency_file, name="agency_file"),
    path("sector/", protected.sector_figures, name="sector_figures"),
    path("sector.<ending:ending>", protected.sector_file, name="sector_file"),
    path("teams/<uuid:pk>/dashboard/", dashboards.dashboard, name="dashboard"),
    path("teams/<uuid:pk>/dashboard.<ending:ending>", dashboards.dashboard_file, name="dashboard_file"),
    path("teams/<uuid:pk>/commitments/", dashboards.commitments, name="commitments"),
    path("teams/<uuid:pk>/summaries/", summaries.summaries, name="summaries"),
    path("summaries/<uuid:pk>/", summaries.summary, name="summary"),
    path("summaries/<uuid:pk>.<ending:ending>", summaries.summary_file, name="summary_file"),
    path("summaries/<uuid:pk>/note/", summaries.note, name="summary_note"),
    path("summaries/<uuid:pk>/send/", summaries.send, name="summary_send"),
]
