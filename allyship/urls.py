"""All addresses of the app."""

from allauth.account import urls as account_urls
from django.conf import settings
from django.urls import include, path

from allyship import guide, health, offline
from teams.typed import SignIn

# Sign-up is by the agency alone, and so is a change of address: allauth's pages for them are left out.
SIGN_IN_PAGES = {
    "account_logout",
    "account_inactive",
    "account_signup",  # allauth links to it; it says that sign-up is closed
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

handler500 = "teams.typed.server_error"

urlpatterns = [
    path("", include("teams.urls")),
    path("", include("reports.urls")),
    path("", include("actions.urls")),
    path("accounts/login/", SignIn.as_view(), name="account_login"),
    path("accounts/", include([page for page in account_urls.urlpatterns if page.name in SIGN_IN_PAGES])),
    path("guide/", guide.front, name="guide"),
    path("guide/<slug:slug>/", guide.page, name="guide_page"),
    path("offline/", offline.page, name="offline"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.DEBUG:
    from allyship.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
