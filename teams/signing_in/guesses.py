"""How often anybody may guess at what is secret: counted in PostgreSQL, so that all web processes count together.

A guess is counted before it is looked at, by one statement that lets no second one pass between reading and writing;
who was right gets the guess back.
"""

import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from teams.models import GuessCount

security = logging.getLogger("allyship.security")


@dataclass(frozen=True)
class Limit:
    """So many guesses `within` any stretch of that length."""

    name: str
    amount: int
    within: timedelta = timedelta(minutes=5)


PASSWORD = Limit("password", 5)
CODE = Limit("code", 5)  # of those that are mailed
SECOND_FACTOR = Limit("second factor", 5)
CODES_MAILED = Limit("codes mailed", 3)
ADDRESSES_MAILED = Limit("addresses mailed", 5)  # by who changes one
FROM_ONE_ADDRESS = Limit("address", 50)  # a whole agency can stand behind one
MAILS_FROM_ONE_ADDRESS = Limit("mails of an address", 50)  # so that asking for them takes nobody's guesses
AGENCY_SIGN_INS = Limit("agency sign-ins", 300)  # from one network address: each asks another server
KEPT = timedelta(hours=1)

# One row, one lock: of two that come at once the second sees what the first wrote.
TAKE = """
    INSERT INTO teams_guesscount AS known (key, at, last_at) VALUES (%(key)s, ARRAY[%(now)s::timestamptz], %(now)s)
    ON CONFLICT (key) DO UPDATE SET
        at = ARRAY(SELECT moment FROM unnest(known.at) AS moment WHERE moment > %(from)s) || EXCLUDED.at,
        last_at = EXCLUDED.last_at
    WHERE (SELECT count(*) FROM unnest(known.at) AS moment WHERE moment > %(from)s) < %(amount)s
    RETURNING key
"""
GIVE_BACK = "UPDATE teams_guesscount SET at = array_remove(at, %(now)s::timestamptz) WHERE key = %(key)s"


@dataclass(frozen=True)
class Guess:
    """One that was counted, for the account and for the network address."""

    keys: tuple[str, ...]
    at: datetime

    def give_back(self) -> None:
        with connection.cursor() as cursor:
            for key in self.keys:
                cursor.execute(GIVE_BACK, {"key": key, "now": self.at})


def take(request: HttpRequest, limit: Limit, whom: str) -> Guess | None:
    """One guess at what belongs to `whom`; None where there were as many as may be."""
    return _counted(request, FROM_ONE_ADDRESS, limit, whom)


def may_mail(request: HttpRequest, limit: Limit, whom: str) -> bool:
    """Counts a message that is asked for; nobody guesses by it."""
    return _counted(request, MAILS_FROM_ONE_ADDRESS, limit, whom) is not None


def _counted(request: HttpRequest, from_one_address: Limit, limit: Limit, whom: str) -> Guess | None:
    """For the network address and for `whom`; for neither where either has had as many as may be."""
    guess = Guess((_key(from_one_address, network(request)), _key(limit, whom)), timezone.now())
    for n, allowed in enumerate((from_one_address, limit)):
        if not _take(guess.keys[n], allowed, guess.at):
            Guess(guess.keys[:n], guess.at).give_back()
            security.warning("too many guesses")
            return None
    return guess


def is_allowed(request: HttpRequest, limit: Limit) -> bool:
    """Counts one more from this network address, of something that costs us, where nobody guesses."""
    return _take(_key(limit, network(request)), limit, timezone.now())


def _take(key: str, limit: Limit, now: datetime) -> bool:
    values: dict[str, Any] = {"key": key, "now": now, "from": now - limit.within, "amount": limit.amount}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return cursor.fetchone() is not None


def forget(limit: Limit, whom: str) -> None:
    GuessCount.objects.filter(key=_key(limit, whom)).delete()


def forget_old(*, now: datetime) -> None:
    GuessCount.objects.filter(last_at__lt=now - KEPT).delete()


def network(request: HttpRequest) -> str:
    """The address of the client, as far as one household shares it: of IPv6 the first 64 bits."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    prefix = 32 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _key(limit: Limit, whom: str) -> str:
    return salted_hmac("teams.guesses", f"{limit.name}:{whom.strip().lower()}", algorithm="sha256").hexdigest()
