from django.urls import path

from reports import summary_views, views

app_name = "reports"
urlpatterns = [
    path("teams/<uuid:pk>/dashboard/", views.dashboard, name="dashboard"),
    path("teams/<uuid:pk>/dashboard.csv", views.dashboard_csv, name="dashboard_csv"),
    path("teams/<uuid:pk>/commitments/", views.commitments, name="commitments"),
    path("teams/<uuid:pk>/summaries/", summary_views.summaries, name="summaries"),
    path("summaries/<uuid:pk>/", summary_views.summary, name="summary"),
    path("summaries/<uuid:pk>.csv", summary_views.summary_csv, name="summary_csv"),
    path("summaries/<uuid:pk>/note/", summary_views.note, name="summary_note"),
    path("summaries/<uuid:pk>/send/", summary_views.send, name="summary_send"),
]
