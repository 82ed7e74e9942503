"""The settings of an installation, where a mail server that says nothing is given up on sooner."""

from allyship.settings import *  # noqa: F403
from allyship.settings import MAILERS

MAILERS["default"]["OPTIONS"]["timeout"] = 1.5
