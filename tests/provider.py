"""An OpenID Connect provider of our own over real HTTP, which can lie in every way that a test needs.

It asks nobody for a password: whoever comes is the subject that it was told. Codes work once, and only with the verifier
(PKCE) and the secret.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "allyship", "provider-secret:with/marks"


@cache
def rsa_key(_name, bits=2048):
    return rsa.generate_private_key(65537, bits)


@dataclass
class ProviderServer:
    """What it says; a test changes an attribute before somebody signs in."""

    subject: str = "subject-1"
    claims: dict[str, Any] = field(default_factory=dict)  # over the right ones; None takes one out
    sign: Callable[[dict[str, Any]], str] | None = None
    keys: list[dict[str, Any]] | None = None
    description: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)  # of the authorization, over the right one
    raw: dict[str, Callable[[Any], None]] = field(default_factory=dict)  # by path: answers in its place
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)  # what /token was asked
    issuer: str = ""

    def token(self, asked):
        now = int(time.time())
        right = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
        }
        claims = {name: value for name, value in (right | self.claims).items() if value is not None}
        return self.sign(claims) if self.sign else signed(claims)


def signed(claims, *, key="its own", algorithm="RS256", kid="one"):
    return jwt.encode(claims, rsa_key(key), algorithm=algorithm, headers={"kid": kid})


def public(key="its own", kid="one", **changes):
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(key).public_key())) | {"kid": kid} | changes


class Handler(BaseHTTPRequestHandler):
    @property
    def said(self):
        return self.server.said

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path in self.said.raw:
            self.said.raw[address.path](self)
        elif address.path == "/.well-known/openid-configuration":
            self.tell(description(self.said) | self.said.description)
        elif address.path == "/keys":
            self.tell({"keys": [public()] if self.said.keys is None else self.said.keys})
        elif address.path == "/authorize":
            self.authorize(one_each(address.query))
        else:
            self.tell({}, status=404)

    def do_POST(self):
        asked = one_each(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.said.asked.append(asked)
        status, answer = exchanged(self.said, asked, self.headers.get("Authorization", ""))
        self.tell(answer, status=status)

    def authorize(self, asked):
        code = f"code-{len(self.said.codes)}"
        self.said.codes[code] = asked
        came = {"code": code, "state": asked["state"], "iss": self.said.issuer} | self.said.answer
        self.send_response(302)
        query = urlencode({name: value for name, value in came.items() if value is not None})
        self.send_header("Location", f"{asked['redirect_uri']}?{query}")
        self.end_headers()

    def tell(self, answer, status=200):
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


@contextmanager
def provider_server():
    """One that listens on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.said = ProviderServer(issuer=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server.said
        server.shutdown()
        thread.join()


def one_each(query):
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def description(said):
    return {
        "issuer": said.issuer,
        "authorization_endpoint": f"{said.issuer}/authorize",
        "token_endpoint": f"{said.issuer}/token",
        "jwks_uri": f"{said.issuer}/keys",
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": True,
    }


def exchanged(said, asked, header):
    """As a provider must: a code once, for whom it was given out, to whom it goes back, and with its verifier."""
    given = said.codes.pop(asked.get("code", ""), None)
    pair = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
    by_header = header == f"Basic {base64.b64encode(pair.encode()).decode()}"
    if not (by_header or asked.get("client_secret") == SECRET):
        return 401, {"error": "invalid_client"}
    digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if given is None or given["code_challenge"] != challenge or given["redirect_uri"] != asked["redirect_uri"]:
        return 400, {"error": "invalid_grant"}
    return 200, {"access_token": "x", "token_type": "Bearer", "id_token": said.token(given)}


def address_asked(response):
    """Where the page leads that sends people to their agency's sign-in."""
    assert response.status_code == 200, response.status_code
    return response.headers["Refresh"].removeprefix("0;url=")


def asked(address):
    return one_each(urlsplit(address).query)
