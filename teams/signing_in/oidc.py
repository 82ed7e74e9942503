"""OpenID Connect, as far as signing in needs it: code flow with PKCE, state and nonce, for one client of one issuer.

Nothing here knows an agency or a person. What comes from a provider is believed only once its signature, issuer, audience,
time and nonce are right (docs/decisions/0023-agency-accounts.md).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

import jwt
from django.utils.crypto import constant_time_compare

from teams.signing_in import fetching
from teams.signing_in.fetching import NotFetched

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
SCOPE: Final = "openid"  # neither name nor address of anybody is asked for
LEEWAY = 60  # seconds by which clocks may differ
NEEDED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
SUBJECT_LENGTH = 255


class Refused(Exception):
    """What came back is not to be believed; `why` is a short word for the log, with nothing of the person in it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Client:
    """What the provider knows this app as."""

    issuer: str
    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Endpoints:
    """What the provider says of itself."""

    authorization: str
    token: str
    keys: str
    takes_secret_in_form: bool
    says_who_it_is: bool

    @classmethod
    def of(cls, issuer: str) -> Self:
        """NotFetched where it cannot be asked; Refused where what it says does not do."""
        said = fetching.get(issuer.rstrip("/") + WELL_KNOWN)
        if said.get("issuer") != issuer:
            raise Refused("issuer")
        addresses = [said.get(f"{name}_endpoint") for name in ("authorization", "token")] + [said.get("jwks_uri")]
        for address in addresses:
            if not isinstance(address, str):
                raise Refused("endpoints")
            fetching.checked(address)
        if "code" not in _strings(said, "response_types_supported", default=["code"]):
            raise Refused("code flow")
        methods = _strings(said, "token_endpoint_auth_methods_supported", default=["client_secret_basic"])
        if not {"client_secret_basic", "client_secret_post"} & set(methods):
            raise Refused("secret")
        return cls(
            authorization=str(addresses[0]),
            token=str(addresses[1]),
            keys=str(addresses[2]),
            takes_secret_in_form="client_secret_basic" not in methods,
            says_who_it_is=said.get("authorization_response_iss_parameter_supported") is True,
        )


def _strings(said: Mapping[str, Any], name: str, *, default: list[str]) -> list[str]:
    found = said.get(name, default)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


@dataclass(frozen=True)
class Attempt:
    """What one sign-in is known by, from the way there to the way back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Self:
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


def address_to_ask(client: Client, endpoints: Endpoints, attempt: Attempt, *, back: str, acr: str = "") -> str:
    """Where the browser goes, to come back to `back` with a code."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": back,
        "scope": SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in endpoints.authorization else "?"
    return endpoints.authorization + joint + urlencode(asked | ({"acr_values": acr} if acr else {}))


def claims_of(client: Client, attempt: Attempt, answer: Mapping[str, str], *, back: str) -> dict[str, Any]:
    """What the provider says of who came back, once all of it holds; Refused or NotFetched where it does not."""
    if not constant_time_compare(answer.get("state", ""), attempt.state):
        raise Refused("state")
    endpoints = Endpoints.of(client.issuer)
    if ("iss" in answer or endpoints.says_who_it_is) and answer.get("iss") != client.issuer:
        raise Refused("issuer of the answer")
    if "error" in answer or not answer.get("code"):
        raise Refused("no code")
    token = _exchange(client, endpoints, attempt, answer["code"], back=back)
    return _verified(token, client, attempt, fetching.get(endpoints.keys))


def _exchange(client: Client, endpoints: Endpoints, attempt: Attempt, code: str, *, back: str) -> str:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
        "client_id": client.id,
    }
    if endpoints.takes_secret_in_form:
        headers = {}
        fields["client_secret"] = client.secret
    else:
        pair = f"{quote(client.id, safe='')}:{quote(client.secret, safe='')}".encode()
        headers = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    try:
        token = fetching.post(endpoints.token, fields, headers=headers).get("id_token")
    except NotFetched as error:
        raise Refused("code") if error.why == fetching.STATUS else error from error
    if not isinstance(token, str):
        raise Refused("no token")
    return token


def _verified(token: str, client: Client, attempt: Attempt, keys: dict[str, Any]) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(token, keys),
            algorithms=ALGORITHMS,
            issuer=client.issuer,
            audience=client.id,
            leeway=LEEWAY,
            options={"require": NEEDED, "enforce_minimum_key_length": True},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Refused(type(error).__name__) from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client.id:
        raise Refused("azp")
    if not isinstance(claims["nonce"], str) or not constant_time_compare(claims["nonce"], attempt.nonce):
        raise Refused("nonce")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= SUBJECT_LENGTH:
        raise Refused("subject")
    return claims


def _key(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The one that the token names; without a name, the only one that signs."""
    header = jwt.get_unverified_header(token)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise Refused("algorithm")
    listed = keys.get("keys")
    found = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    signing = [key for key in found if key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm]
    fitting = [key for key in signing if key.get("kid") == header["kid"]] if "kid" in header else signing
    if len(fitting) != 1:
        raise Refused("key")
    return jwt.PyJWK(fitting[0], algorithm=algorithm)


def shows_second_factor(claims: Mapping[str, Any], *, acr: str = "") -> bool:
    """Whether the provider says that it asked for two: by the given level, or else by "mfa" (RFC 8176)."""
    if acr:
        return claims.get("acr") == acr
    amr = claims.get("amr")
    return isinstance(amr, list) and "mfa" in amr
