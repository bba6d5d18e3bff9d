"""Inputs that are far too long, too deep or too many: documented errors, and limited memory.

Each runs in its own process, since a system reports only the peak memory of a process.
"""

import pytest
from abuse import outcome_of
from conftest import TALLIES

pytest.importorskip("resource", reason="the system does not report the memory of a process")

MIB = "MIB = 1024 * 1024"
TOKENS = f"""{MIB}
import base64, hashlib, hmac
KEY = "0123456789abcdef0123456789abcdef"
encoded = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")
def signed(payload, header=b'{{"alg":"HS256","typ":"JWT"}}'):
    text = encoded(header) + b"." + encoded(payload)
    return (text + b"." + encoded(hmac.digest(KEY.encode(), text, "sha256"))).decode()
DEEP = b"[" * 100_000 + b"]" * 100_000
WIDE = signed(b'{{"iss":"' + b"x" * MIB + b'","exp":2000000000,"nbf":1}}')
"""
WEBHOOK = f"""{MIB}
import base64, hashlib, hmac
KEY = b"a webhook's secret of 32 bytes!!"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
def sent(body, **other):
    text = b"msg_1.1800000000." + body
    signature = "v1," + base64.b64encode(hmac.digest(KEY, text, "sha256")).decode()
    return {{"webhook-id": "msg_1", "webhook-timestamp": "1800000000",
            "webhook-signature": signature, **other}}
def verified(body, headers=None, secret=SECRET):
    return verify_webhook(secret, sent(body) if headers is None else headers, body, now=1800000000)
"""
AUTH = f"""{MIB}
auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
EXPIRED = b'{{"code":1004,"message":"Authorization has expired"}}'
def learnt(*arguments, **named):
    found = auth.handle_response(*arguments, **named)
    return found.cause, found.action, auth.clock_offset
"""

TAKEN = "Webhook(id='msg_1', timestamp=1800000000)"
FORGED = "WebhookError ERR_WEBHOOK_SIGNATURE"
NOT_KLING = "('not_kling', 'fail', 0)"
LATE = "('token_expired', 'fail', 0)"

# Setup, call, outcome, and the most MiB that it may use besides its input.
CASES = {
    # Tokens
    "inspect 1 MiB": (TOKENS, "inspect('A' * MIB)", "TokenError ERR_TOKEN_SEGMENTS", 8),
    "inspect dots": (TOKENS, "inspect('.' * MIB)", "TokenError ERR_TOKEN_SEGMENTS", 8),
    "inspect a wide token": (TOKENS, "inspect(WIDE, KEY).cause", "'unknown_access_key'", 24),
    "inspect deep claims": (
        TOKENS,
        "inspect(signed(b'{\"x\":' + DEEP + b'}'))",
        "TokenError ERR_TOKEN_CLAIMS",
        8,
    ),
    "inspect a deep header": (
        TOKENS,
        "inspect(signed(b'{}', b'{\"x\":' + DEEP + b'}'))",
        "TokenError ERR_TOKEN_HEADER",
        8,
    ),
    "inspect with a wide key": (
        TOKENS,
        "inspect(signed(b'{}'), 'x' * MIB).is_signature_valid",
        "False",
        8,
    ),
    "decode 1 MiB": (
        TOKENS,
        "jwt.decode('A' * MIB, KEY, ['HS256'])",
        "DecodeError ERR_TOKEN_SEGMENTS",
        8,
    ),
    "decode a wide token": (
        TOKENS,
        "len(jwt.decode(WIDE, KEY, ['HS256'])['iss'])",
        "1048576",
        24,
    ),
    "decode deep claims": (
        TOKENS,
        "jwt.decode(signed(b'{\"x\":' + DEEP + b'}'), KEY, ['HS256'])",
        "DecodeError ERR_TOKEN_CLAIMS",
        32,
    ),
    "decode a deep header": (
        TOKENS,
        "jwt.get_unverified_header(signed(b'{}', b'{\"x\":' + DEEP + b'}'))",
        "DecodeError ERR_TOKEN_HEADER",
        32,
    ),
    "encode 1 MiB": (TOKENS, "len(jwt.encode({'x': 'x' * MIB}, KEY)) > MIB", "True", 24),
    "encode with a wide key": (TOKENS, "len(jwt.encode({}, 'x' * MIB))", "84", 8),
    # Credentials
    "an access key of 1 MiB": (
        MIB,
        "KlingAuth('xyz' * MIB, 'abcd' * 8)",
        "CredentialError ERR_ACCESS_KEY_TOO_LONG",
        8,
    ),
    "an API key of 1 MiB": (
        MIB,
        "KlingAuth(api_key='api-key-kling-' + 'y' * MIB)",
        "CredentialError ERR_API_KEY_TOO_LONG",
        8,
    ),
    "a URL of 10 MiB": (
        AUTH,
        "auth.headers_for('https://' + 'x' * 10 * MIB)",
        "OriginError ERR_ORIGIN",
        64,
    ),
    # Responses
    "a body of 100 MiB": (AUTH + "body = b' ' * 100 * MIB", "learnt(401, {}, body)", NOT_KLING, 8),
    "a deep body": (AUTH, "learnt(401, {}, b'{\"code\":' + b'[' * 100_000)", NOT_KLING, 8),
    "a deep body in its bounds": (
        AUTH,
        'learnt(401, {}, b\'{"code":1004,"data":\' + b"[" * 30_000 + b"]" * 30_000 + b"}")',
        NOT_KLING,
        8,
    ),
    "a bearer of 1 MiB": (AUTH, "learnt(401, {}, EXPIRED, token='x.' * MIB)", LATE, 8),
    "10,000 headers": (
        AUTH,
        "learnt(401, [(f'x-{n}', 'x') for n in range(10_000)], EXPIRED)",
        LATE,
        8,
    ),
    "a header of 1 MiB": (AUTH, "learnt(401, {'Date': 'x' * MIB}, EXPIRED)", LATE, 8),
    # Callbacks
    "a callback of 100 MiB": (WEBHOOK + "body = b'x' * 100 * MIB", "verified(body)", TAKEN, 110),
    "a deep callback": (WEBHOOK, "verified(b'[' * 100_000)", TAKEN, 8),
    "a callback with 10,000 headers": (
        WEBHOOK,
        "verified(b'{}', {**{f'x-{n}': 'x' for n in range(10_000)}, **sent(b'{}')})",
        TAKEN,
        8,
    ),
    "an id of 1 MiB": (WEBHOOK, "verified(b'', sent(b'', **{'webhook-id': 'x' * MIB}))", FORGED, 8),
    "a time of 1 MiB": (
        WEBHOOK,
        "verified(b'', sent(b'', **{'webhook-timestamp': '1' * MIB}))",
        "WebhookError ERR_WEBHOOK_HEADER",
        8,
    ),
    "100,000 signatures": (
        WEBHOOK,
        "verified(b'', sent(b'', **{'webhook-signature': 'v1,x ' * 100_000}))",
        FORGED,
        8,
    ),
    "100 secrets": (
        WEBHOOK,
        "verified(b'{}', None, ['whsec_' + 'A' * 44] * 99 + [SECRET])",
        TAKEN,
        8,
    ),
    "a secret of 1 MiB": (
        WEBHOOK,
        "verified(b'', None, 'whsec_' + 'A' * MIB)",
        "CredentialError ERR_WEBHOOK_SECRET",
        8,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_input(name):
    setup, call, expected, room = CASES[name]
    outcome, grown, took = outcome_of(call, setup)
    assert outcome == expected
    assert grown <= room, f"{grown} MiB"
    assert took < 10
    TALLIES["abuse"]["inputs"] += 1


DATES = [
    "",
    "x",
    "0",
    "-1",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 01 Jan 0000 00:00:00 GMT",
    "Fri, 32 Jan 2027 09:00:00 GMT",
    "Fri, 15 Jan 2027 24:00:00 GMT",
    "Fri, 15 Jan 2027 09:00:00 +0000",
    "Friday, 15-Jan-27 09:00:00 GMT",
    "Fri Jan 15 09:00:00 2027",
    "Sun, 17 Jan 2027 09:00:01 GMT",  # more than a day ahead
    "Fri, 15 Jan 2027 09:00:00 GMT\0",
    "Fri, 15 Jan 2027 09:00:00 GMT, Fri, 15 Jan 2027 09:00:00 GMT",
    "\u0663\u0661, 15 Jan 2027 09:00:00 GMT",
    "\ud800",
    "9" * 5000,
    "1e308",
    b"\xff\xfe",
    None,
    17,
    [],
]


@pytest.mark.parametrize("date", DATES, ids=lambda date: repr(date)[:40])
@pytest.mark.parametrize("code", [1000, 1003, 1004])
def test_hostile_dates(date, code):
    from kling_auth import KlingAuth

    now = 1_800_000_000  # at 08:00 of 15 January 2027
    auth = KlingAuth("0" * 31 + "a", "0" * 31 + "b", clock=lambda: now)
    token, body = auth.token, b'{"code":%d,"message":"authentication failed"}' % code
    assert auth.handle_response(401, {"Date": date}, body, token=token).action == "fail"
    assert auth.handle_response(401, [("date", date)], body, token=token).action == "fail"
    assert (auth.clock_offset, auth.token) == (0, token)
    TALLIES["abuse"]["dates"] += 2
