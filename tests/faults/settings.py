"""The settings of an installation, where a mail server that says nothing is given up on sooner.

Sessions outlast the run, whose minutes are years: it is about what is lost on the way, not about signing in.
"""

from allyship.settings import *  # noqa: F403
from allyship.settings import MAILERS

MAILERS["default"]["OPTIONS"]["timeout"] = 1.5
SESSION_IDLE_SECONDS = SESSION_COOKIE_AGE = 200 * 365 * 24 * 60 * 60
