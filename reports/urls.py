from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("teams/<uuid:pk>/dashboard/", views.dashboard, name="dashboard"),
    path("teams/<uuid:pk>/dashboard.csv", views.dashboard_csv, name="dashboard_csv"),
    path("teams/<uuid:pk>/commitments/", views.commitments, name="commitments"),
    path("teams/<uuid:pk>/summaries/", views.summary_list, name="summaries"),
    path("summaries/<uuid:pk>/", views.summary, name="summary"),
    path("summaries/<uuid:pk>.csv", views.summary_csv, name="summary_csv"),
]
