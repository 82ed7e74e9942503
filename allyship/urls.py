"""All addresses of the app."""

from collections.abc import Iterable

from allauth.account import urls as account_urls
from allauth.mfa import urls as mfa_urls
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from allyship import guide, health, metrics, offline
from teams.signing_in import own_means
from teams.views import signing_in

# Sign-up is by the agency alone, and so is a change of address: allauth's pages for them are left out.
SIGN_IN_PAGES = {
    "account_logout",
    "account_inactive",
    "account_signup",  # allauth links to it; it says that sign-up is closed
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
SECOND_FACTOR_PAGES = {
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


def only(pages: Iterable[URLPattern | URLResolver], names: set[str], before: str = "") -> list[URLPattern]:
    """allauth's pages of those names, each with its whole address, for who has shown more than her agency's account."""
    found = []
    for page in pages:
        if isinstance(page, URLResolver):
            found += only(page.url_patterns, names, f"{before}{page.pattern}")
        elif page.name in names:
            found.append(path(f"{before}{page.pattern}", own_means.first(page.callback), name=page.name))
    return found


handler500 = "teams.signing_in.typed.server_error"

urlpatterns = [
    path("", include("teams.urls")),
    path("", include("reports.urls")),
    path("", include("actions.urls")),
    path("accounts/login/", signing_in.sign_in, name="account_login"),
    path("accounts/login/code/", signing_in.request_code, name="account_request_login_code"),
    path("accounts/login/code/confirm/", signing_in.confirm_code, name="account_confirm_login_code"),
    path("accounts/login/passkey/", signing_in.by_passkey, name="mfa_login_webauthn"),
    path("accounts/login/second/", signing_in.second_factor, name="mfa_authenticate"),
    path("accounts/password/change/", signing_in.change_password, name="account_change_password"),
    path("accounts/password/set/", signing_in.set_password, name="account_set_password"),
    path("accounts/reauthenticate/", signing_in.again_by_password, name="account_reauthenticate"),
    path("accounts/reauthenticate/mail/", signing_in.again_by_mail, name="account_reauthenticate_by_mail"),
    path("accounts/second/reauthenticate/", signing_in.again_by_code, name="mfa_reauthenticate"),
    path("accounts/second/webauthn/reauthenticate/", signing_in.again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("accounts/second/", signing_in.index, name="mfa_index"),
    path("accounts/second/webauthn/keys/<int:pk>/remove/", signing_in.remove_passkey, name="mfa_remove_webauthn"),
    path("accounts/second/totp/activate/", signing_in.activate_totp, name="mfa_activate_totp"),
    path("accounts/second/webauthn/add/", signing_in.add_passkey, name="mfa_add_webauthn"),
    path("accounts/", include([page for page in account_urls.urlpatterns if page.name in SIGN_IN_PAGES])),
    path("accounts/second/", include(only(mfa_urls.urlpatterns, SECOND_FACTOR_PAGES))),
    path("guide/", guide.front, name="guide"),
    path("guide/<slug:slug>/", guide.page, name="guide_page"),
    path("offline/", offline.page, name="offline"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.page, name="metrics"),
]

if settings.DEBUG:
    from allyship.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
