"""How people sign in: allauth's flows, closed to sign-up, with the agency read together with the worker."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from teams.models import Worker


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class EmailBackend(AuthenticationBackend):
    def get_user(self, user_id: str) -> Worker | None:
        return Worker.objects.active().select_related("agency").filter(pk=user_id).first()
