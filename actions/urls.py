from django.urls import path

from actions.views import asks, commitments, feed, guarding, home, log, record

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
    path("my/record/", record.record, name="record"),
    path("my/commitments/", commitments.mine, name="commitments"),
    path("commitments/<uuid:pk>/keep/", commitments.keep, name="keep"),
    path("commitments/<uuid:pk>/reopen/", commitments.reopen, name="reopen"),
    path("commitments/<uuid:pk>/renegotiate/", commitments.renegotiate, name="renegotiate"),
    path("commitments/<uuid:pk>/drop/", commitments.drop, name="drop"),
    path("teams/<uuid:pk>/", feed.feed, name="feed"),
    path("teams/<uuid:pk>/asks/", asks.of_team, name="team_asks"),
    path("my/asks/", asks.mine, name="asks"),
    path("asks/", asks.inbox, name="ask_inbox"),
    path("asks/new/", asks.new, name="ask_new"),
    path("asks/<uuid:pk>/", asks.detail, name="ask"),
    path("asks/<uuid:pk>/answer/", asks.answer, name="ask_answer"),
    path("asks/<uuid:pk>/withdraw/", asks.withdraw, name="ask_withdraw"),
    path("asks/<uuid:pk>/restore/", asks.restore, name="ask_restore"),
]
