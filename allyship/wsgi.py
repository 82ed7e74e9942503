"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from actions.sealing import keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")

application = get_wsgi_application()

keys.ring()  # web does not start without the keys of reflections
