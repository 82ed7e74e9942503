from django.apps import AppConfig

from allyship import requests


class Allyship(AppConfig):
    name = "allyship"

    def ready(self) -> None:
        requests.watch_sign_in()
