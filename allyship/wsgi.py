"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from actions.sealing import keys
from allyship.database import roles, signing_in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allyship.settings")

application = get_wsgi_application()

keys.ring()  # web does not start without the keys of reflections
signing_in.require(roles.WEB)
