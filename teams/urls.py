from django.urls import path

from teams import views

app_name = "teams"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("my/visibility/", views.visibility, name="visibility"),
    path("teams/", views.team_list, name="list"),
    path("teams/<uuid:pk>/members/", views.members, name="members"),
]
