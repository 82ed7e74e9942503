from django.urls import path

from actions.views import commitments, exporting, feed, guarding, home, log, record, reflections

app_name = "actions"
urlpatterns = [
    path("", home.home, name="home"),
    path("log/", log.practices, name="practices"),
    path("log/check/", guarding.check_text, name="check_text"),
    path("log/practices.json", log.practice_helps, name="practice_helps"),
    path("log/quick/", log.quick_log, name="quick_log"),
    path("log/new/", log.log, name="log"),
    path("actions/<uuid:pk>/", log.detail, name="detail"),
    path("actions/<uuid:pk>/edit/", log.edit, name="edit"),
    path("actions/<uuid:pk>/withdraw/", log.withdraw, name="withdraw"),
    path("actions/<uuid:pk>/restore/", log.restore, name="restore"),
    path("actions/<uuid:pk>/history/", record.history, name="history"),
    path("my/record/", record.record, name="record"),
    path("my/record/year/", record.year, name="year"),
    path("my/record/search/", record.search, name="search"),
    path("my/record/texts/", record.erase_texts, name="erase_texts"),
    path("my/record/export/", exporting.mine, name="export"),
    path("my/record/export/<str:kind>/", exporting.download, name="export_file"),
    path("leaving/<str:token>/", exporting.departure, name="departure"),
    path("leaving/<str:token>/<str:kind>/", exporting.departure_download, name="departure_file"),
    path("my/commitments/", commitments.mine, name="commitments"),
    path("my/reflections/", reflections.mine, name="reflections"),
    path("my/reflections/new/", reflections.new, name="reflection_new"),
    path("my/reflections/<uuid:pk>/", reflections.detail, name="reflection"),
    path("my/reflections/<uuid:pk>/edit/", reflections.edit, name="reflection_edit"),
    path("my/reflections/<uuid:pk>/delete/", reflections.delete, name="reflection_delete"),
    path("actions/<uuid:pk>/reflect/", reflections.on_action, name="reflection_on"),
    path("commitments/<uuid:pk>/keep/", commitments.keep, name="keep"),
    path("commitments/<uuid:pk>/reopen/", commitments.reopen, name="reopen"),
    path("commitments/<uuid:pk>/renegotiate/", commitments.renegotiate, name="renegotiate"),
    path("commitments/<uuid:pk>/drop/", commitments.drop, name="drop"),
    path("teams/<uuid:pk>/", feed.feed, name="feed"),
]
