"""The type of a request whose reader is signed in, which LoginRequiredMiddleware sees to."""

from django.http import HttpRequest

from teams.models import Worker


class SignedIn(HttpRequest):
    user: Worker
