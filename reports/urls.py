from django.urls import path, register_converter

from reports import job_views, protected_views, summary_views, views
from reports.files import EndingConverter

register_converter(EndingConverter, "ending")

app_name = "reports"
urlpatterns = [
    path("jobs/", job_views.page, name="jobs"),
    path("jobs/mail/<uuid:pk>/again/", job_views.try_again, name="try_again"),
    path("figures/", protected_views.agency_figures, name="agency_figures"),
    path("figures.<ending:ending>", protected_views.agency_file, name="agency_file"),
    path("sector/", protected_views.sector_figures, name="sector_figures"),
    path("sector.<ending:ending>", protected_views.sector_file, name="sector_file"),
    path("teams/<uuid:pk>/dashboard/", views.dashboard, name="dashboard"),
    path("teams/<uuid:pk>/dashboard.<ending:ending>", views.dashboard_file, name="dashboard_file"),
    path("teams/<uuid:pk>/commitments/", views.commitments, name="commitments"),
    path("teams/<uuid:pk>/summaries/", summary_views.summaries, name="summaries"),
    path("summaries/<uuid:pk>/", summary_views.summary, name="summary"),
    path("summaries/<uuid:pk>.<ending:ending>", summary_views.summary_file, name="summary_file"),
    path("summaries/<uuid:pk>/note/", summary_views.note, name="summary_note"),
    path("summaries/<uuid:pk>/send/", summary_views.send, name="summary_send"),
]
