from django.urls import path

from actions.views import calendars, commitments, feed, guarding, home, log, record, reminders

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
    path("my/commitments/new/", commitments.new, name="new_commitment"),
    path("my/reminders/", reminders.switch, name="reminders"),
    path("my/calendar/", calendars.calendar, name="calendar"),
    path("my/calendar/on/", calendars.switch_on, name="calendar_on"),
    path("my/calendar/off/", calendars.switch_off, name="calendar_off"),
    path("calendar/<str:token>.ics", calendars.feed, name="calendar_feed"),
    path("reminders/<str:token>/off/", reminders.off, name="reminders_off"),
    path("commitments/<uuid:pk>/keep/", commitments.keep, name="keep"),
    path("commitments/<uuid:pk>/reopen/", commitments.reopen, name="reopen"),
    path("commitments/<uuid:pk>/renegotiate/", commitments.renegotiate, name="renegotiate"),
    path("commitments/<uuid:pk>/drop/", commitments.drop, name="drop"),
    path("commitments/<uuid:pk>/undo/", commitments.undo, name="undo_commitment"),
    path("commitments/<uuid:pk>/withdraw/", commitments.withdraw, name="withdraw_commitment"),
    path("commitments/<uuid:pk>/restore/", commitments.restore, name="restore_commitment"),
    path("teams/<uuid:pk>/", feed.feed, name="feed"),
]
