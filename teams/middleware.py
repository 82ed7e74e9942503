"""What a request knows about its reader before any view runs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from teams.signing_in import sessions


def reader(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the signed-in worker's language, keep her agency's calendar, and let no browser store her pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        worker = request.user
        if not worker.is_authenticated:
            return get_response(request)
        sessions.note_seen(request.session)
        translation.activate(worker.language_code)
        request.LANGUAGE_CODE = translation.get_language()
        zone = worker.agency.zone if worker.agency else timezone.get_default_timezone()
        with timezone.override(zone):
            response = get_response(request)
        add_never_cache_headers(response)  # a shared computer keeps nothing of her pages
        return response

    return middleware
