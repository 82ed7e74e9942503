from django.urls import path

from teams import views

app_name = "teams"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("my/visibility/", views.visibility, name="visibility"),
    path("my/emails/", views.emails, name="emails"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("teams/", views.team_list, name="list"),
    path("teams/<uuid:pk>/members/", views.members, name="members"),
]
