"""The library's rows for second factors, of which the audit tells that one was taken away."""

from allauth.mfa.models import Authenticator

from teams.audit.tracking import tracked


@tracked(
    *("user", "type"),
    find_agency="SELECT agency_id FROM teams_worker WHERE id = NEW.user_id",
    insert=False,
    update=False,
)
class SecondFactor(Authenticator):
    """An authenticator app, a passkey or a list of recovery codes."""

    class Meta:
        proxy = True
