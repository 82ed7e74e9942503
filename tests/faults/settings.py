"""The settings of an installation, where a mail server that says nothing is given up on sooner.

Sessions outlast the run, whose minutes are years: it is about what is lost on the way, not about signing in. Nor about
how often one network address may ask for links: all people of a run have the same.
"""

from allyship.settings import *  # noqa: F403
from allyship.settings import ACCOUNT_RATE_LIMITS, MAILERS

MAILERS["default"]["OPTIONS"]["timeout"] = 1.5
SESSION_IDLE_SECONDS = SESSION_COOKIE_AGE = 200 * 365 * 24 * 60 * 60
ACCOUNT_RATE_LIMITS["reset_password"] = ""
