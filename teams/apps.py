from django.apps import AppConfig
from django.db.models.signals import post_migrate

from teams.audit import hardening


class TeamsConfig(AppConfig):
    name = "teams"

    def ready(self) -> None:
        post_migrate.connect(hardening.after_migrating, sender=self)
