"""For tests: signs in as libpq 18 does, through the issuer's device flow, and runs SQL: libpq-oauth.py LIBPQ CONNINFO SQL…

libpq's own device flow is a module of its own (libpq-oauth) that the library's packages leave out, so this
is a user-defined one, through libpq's hook for it. Everything else is libpq's: what it asks the server, which issuer it
accepts, and how it sends the token.
https://www.postgresql.org/docs/18/libpq-oauth.html
"""

import ctypes
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_void_p

OAUTH_BEARER_TOKEN = 1
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class BearerRequest(Structure):
    _fields_ = [
        ("openid_configuration", c_char_p),
        ("scope", c_char_p),
        ("poll", c_void_p),
        ("cleanup", c_void_p),
        ("token", c_char_p),
        ("user", c_void_p),
    ]


def ask(url, fields=None):
    data = urllib.parse.urlencode(fields).encode() if fields else None
    try:
        with urllib.request.urlopen(url, data, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def device_flow(discovery, scope):
    """RFC 8628."""
    issuer = ask(discovery)
    client = {"client_id": "psql"}
    device = ask(issuer["device_authorization_endpoint"], {**client, "scope": scope})
    print(f"Visit {device['verification_uri']} and enter the code: {device['user_code']}", flush=True)
    poll = {**client, "grant_type": DEVICE_CODE, "device_code": device["device_code"]}
    for _ in range(100):
        answer = ask(issuer["token_endpoint"], poll)
        if "access_token" in answer:
            return answer["access_token"]
        assert answer["error"] == "authorization_pending", answer
        time.sleep(device["interval"])
    raise TimeoutError("nobody has approved the login")


@CFUNCTYPE(c_int, c_int, c_void_p, c_void_p)
def hook(kind, _connection, data):
    if kind != OAUTH_BEARER_TOKEN:
        return 0
    request = ctypes.cast(data, POINTER(BearerRequest)).contents
    token = device_flow(request.openid_configuration.decode(), request.scope.decode())
    kept.append(token.encode())
    request.token = kept[-1]
    return 1


# libpq reads the token after the hook has returned.
kept = []


def main(library, conninfo, *statements):
    libpq = ctypes.CDLL(library)
    for name in ("PQconnectdb", "PQexec"):
        getattr(libpq, name).restype = c_void_p
    for name in ("PQerrorMessage", "PQresultErrorMessage", "PQgetvalue"):
        getattr(libpq, name).restype = c_char_p
    libpq.PQsetAuthDataHook(hook)
    connection = c_void_p(libpq.PQconnectdb(conninfo.encode()))
    if libpq.PQstatus(connection) != 0:
        sys.exit(libpq.PQerrorMessage(connection).decode())
    for sql in statements:
        result = c_void_p(libpq.PQexec(connection, sql.encode()))
        error = libpq.PQresultErrorMessage(result).decode()
        rows = [
            [libpq.PQgetvalue(result, row, column).decode() for column in range(libpq.PQnfields(result))]
            for row in range(libpq.PQntuples(result))
        ]
        print(error.split("\n")[0] if error else json.dumps(rows), flush=True)
    libpq.PQfinish(connection)


main(*sys.argv[1:])
