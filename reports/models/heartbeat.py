"""When the periodic jobs last did their work."""

from django.db import models


class Heartbeat(models.Model):
    """When a periodic job last succeeded."""

    job = models.CharField(primary_key=True, max_length=40)
    last_success = models.DateTimeField()

    def __str__(self) -> str:
        return self.job
