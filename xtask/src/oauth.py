"""Two OAuth 2.0 clients nobody here wrote get, use, look at and end access tokens.

Authlib and requests-oauthlib each go the whole way, with the secret in HTTP Basic and in the
body. The client comes from the console, as a person would generate it.
"""

import os

# Both libraries insist on https; the server under test is on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from authlib.integrations.base_client.errors import OAuthError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession  # noqa: E402
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata  # noqa: E402
from oauthlib.oauth2 import BackendApplicationClient  # noqa: E402
from oauthlib.oauth2.rfc6749 import errors  # noqa: E402
from requests.auth import HTTPBasicAuth  # noqa: E402
from requests_oauthlib import OAuth2Session as OauthlibSession  # noqa: E402

from console import PATIENCE_S, URL, ClientApplication, Console  # noqa: E402

BOTH = "accounts.read accounts.write"

checks = 0


def check(what, found, expected):
    """Compares, and ends the run at the first difference."""
    global checks
    checks += 1
    if found != expected:
        raise SystemExit(f"{what}: expected {expected!r}, found {found!r}")


class Metadata(AuthorizationServerMetadata):
    """Metadata of a server to which nobody is sent with a browser."""

    def validate_response_types_supported(self):
        """Required, and there are none: an empty list, which Authlib takes for a missing one."""
        check("response types", self["response_types_supported"], [])


def metadata():
    """What the server says of itself, judged by Authlib (RFC 8414)."""
    answer = requests.get(f"{URL}/.well-known/oauth-authorization-server", timeout=PATIENCE_S)
    answer.raise_for_status()
    found = Metadata(answer.json())
    found.validate()
    check("issuer", found["issuer"], URL)
    return found


def own_token(get, scopes):
    """Asks the Accounts API what the token in use may do."""
    answer = get(f"{URL}/accounts/v1/client", timeout=PATIENCE_S)
    check("the API with a token", answer.status_code, 200)
    check("its scopes", answer.json()["scopes"], scopes)


def is_closed(token):
    """The API must not open with this token any more."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{URL}/accounts/v1/client", headers=headers, timeout=PATIENCE_S)
    check("the API with a dead token", answer.status_code, 401)
    challenge = answer.headers["WWW-Authenticate"]
    check("the challenge", 'error="invalid_token"' in challenge, True)


def with_authlib(server, client_id, secret, method):
    """Authlib: token, use, introspection, revocation."""
    session = AuthlibSession(
        client_id,
        secret,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope="accounts.read",
    )
    token = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    check(f"authlib, {method}: token type", token["token_type"], "Bearer")
    check(f"authlib, {method}: seconds", token["expires_in"], 900)
    check(f"authlib, {method}: scope", token["scope"], "accounts.read")
    own_token(session.get, ["accounts.read"])

    def introspected():
        answer = session.introspect_token(
            server["introspection_endpoint"], token=token["access_token"]
        )
        return answer.json()

    live = introspected()
    check("active", live["active"], True)
    check("whose", live["client_id"], client_id)
    check("how long", live["exp"] - live["iat"], 900)
    ended = session.revoke_token(server["revocation_endpoint"], token=token["access_token"])
    check(f"authlib, {method}: revocation", ended.status_code, 200)
    check("active after revocation", introspected(), {"active": False})
    is_closed(token["access_token"])
    session.close()


def with_oauthlib(server, client_id, secret, in_body):
    """requests-oauthlib: token, use, and the errors it knows by name."""
    endpoint = server["token_endpoint"]

    def session(scope=None):
        return OauthlibSession(client=BackendApplicationClient(client_id, scope=scope))

    def shown(secret):
        if in_body:
            return {"client_secret": secret, "include_client_id": True}
        return {"auth": HTTPBasicAuth(client_id, secret)}

    both = session()
    token = both.fetch_token(endpoint, **shown(secret))
    check("oauthlib: scope", " ".join(token["scope"]), BOTH)
    own_token(both.get, BOTH.split())

    one = session(["accounts.read"])
    one.fetch_token(endpoint, **shown(secret))
    own_token(one.get, ["accounts.read"])

    for wanted, scope, used in [
        (errors.InvalidScopeError, ["openid"], secret),
        (errors.InvalidClientError, None, "wrong"),
    ]:
        try:
            session(scope).fetch_token(endpoint, **shown(used))
            found = None
        except errors.OAuth2Error as error:
            found = type(error)
        check("oauthlib: error", found, wanted)
    return token["access_token"]


def refused(server, client_id, secret):
    """What Authlib says to a client that was revoked."""
    session = AuthlibSession(client_id, secret)
    try:
        session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
    except OAuthError as error:
        return error.error
    return None


def main():
    client = ClientApplication(Console(os.environ["PLATEN_SIGN_IN_LINK"]))
    client_id, secret = client.generate()
    server = metadata()
    for method in server["token_endpoint_auth_methods_supported"]:
        with_authlib(server, client_id, secret, method)
    left = [with_oauthlib(server, client_id, secret, in_body) for in_body in (False, True)]
    client.revoke()
    for token in left:
        is_closed(token)
    check("authlib: a revoked client", refused(server, client_id, secret), "invalid_client")
    print(f"oauth: clients=2 checks={checks} failed=0")


main()
