"""Who is signed in where, and how often somebody guessed."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from teams.models.worker import Worker


class SessionQuerySet(models.QuerySet["Session"]):
    def running(self) -> Self:
        return self.filter(expire_date__gt=timezone.now())

    def of(self, *workers: Worker) -> Self:
        return self.filter(worker__in=workers)


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in, or on the way to it."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    browser = models.CharField(max_length=20, blank=True)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @property
    def seen_about(self) -> datetime:
        """To five minutes: it is there to know a browser again, not to say what somebody did when."""
        seen = self.last_seen_at
        return max(self.started_at, seen.replace(minute=seen.minute // 5 * 5, second=0, microsecond=0))

    @property
    def name(self) -> str:
        """What a page may call it: the key itself would open it."""
        return salted_hmac("teams.session", self.session_key, algorithm="sha256").hexdigest()[:32]


class GuessCount(models.Model):
    """When somebody lately guessed at one account, or from one network address; which, only a keyed hash says."""

    key = models.CharField(primary_key=True, max_length=64)
    at = ArrayField(models.DateTimeField())
    last_at = models.DateTimeField(db_index=True)


class UsedTimeStep(models.Model):
    """The latest time step of which a person's authenticator app gave a code that was used: no code up to it counts."""

    worker = models.OneToOneField(Worker, on_delete=models.CASCADE, primary_key=True, related_name="+")
    step = models.BigIntegerField(default=0)
