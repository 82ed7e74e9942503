from django.urls import path, register_converter

from reports.files import EndingConverter
from reports.views import dashboards, jobs, protected, summaries

register_converter(EndingConverter, "ending")

app_name = "reports"
urlpatterns = [
    path("jobs/", jobs.page, name="jobs"),
    path("jobs/mail/<uuid:pk>/again/", jobs.try_again, name="try_again"),
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
