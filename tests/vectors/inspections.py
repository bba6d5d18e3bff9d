"""The cases of `inspect.json`: tokens, and the expected inspection of each at a time.

Good signatures are made by PyJWT; where it would not write such a header, by Python's `hmac`.
The expectations are written manually. Two tokens are from RFCs.
"""

import base64
import hashlib
import hmac
import json

import jwt

ACCESS_KEY, SECRET_KEY = "access0123456789access0123456789", "secret0123456789secret0123456789"
NOW = 1_800_000_000
HEADER = '{"alg":"HS256","typ":"JWT"}'
CLAIMS = {"iss": ACCESS_KEY, "exp": NOW + 1800, "nbf": NOW - 5}
INVALID, UNKNOWN_KEY = "authorization_invalid", "unknown_access_key"
IS_GOOD = "only a request shows whether Kling knows the access key"
WHY = {
    "alg": "alg must be HS256",
    "iss": "iss must be the access key",
    "exp": "exp must be a time in whole Unix seconds",
    "nbf": "nbf must be a time in whole Unix seconds",
    "key": "iss is not an access key: it is empty, too long, or has invalid characters",
    "life": "exp is more than 1800 seconds ahead",
}

# RFC 7515, appendix A.2: RS256. RFC 7519, section 6.1: no signature at all.
RS256 = (
    "eyJhbGciOiJSUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L"
    "07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUi"
    "pUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
)
UNSECURED = (
    "eyJhbGciOiJub25lIn0"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(claims, header=HEADER, key=SECRET_KEY):
    """Sign JSON texts unchanged."""
    parts = [part if isinstance(part, bytes) else part.encode() for part in (header, claims)]
    signing_input = ".".join(map(encode, parts))
    signature = hmac.digest(key.encode(), signing_input.encode(), hashlib.sha256)
    return f"{signing_input}.{encode(signature)}"


def token(without=(), **claims):
    """Sign like PyJWT, with other claims, or without some."""
    payload = {name: value for name, value in {**CLAIMS, **claims}.items() if name not in without}
    return jwt.encode(payload, SECRET_KEY, algorithm="HS256")


def good(name, given=None, **expected):
    """A case that Kling would accept, except for the given differences."""
    expectation = {
        "cause": "accepted",
        "reason": IS_GOOD,
        "is_signature_valid": True,
        "issuer": ACCESS_KEY,
        "expires_at": NOW + 1800,
        "not_before": NOW - 5,
    }
    key = expected.pop("secret_key", SECRET_KEY)
    now = expected.pop("now", NOW)
    given = token() if given is None else given
    expectation = {**expectation, **expected}
    return {"name": name, "token": given, "secret_key": key, "now": now, **expectation}


def bad(name, given, why, **expected):
    """A case that Kling would refuse because of its form."""
    return good(name, given, cause=INVALID, reason=WHY[why], **expected)


def refused(name, given, code, key=SECRET_KEY):
    """A text that is not a token."""
    return {"name": name, "token": given, "secret_key": key, "now": NOW, "code": code}


def times():
    passed = {"cause": "token_expired", "reason": "exp has passed"}
    ahead = {"cause": "token_not_yet_valid", "reason": "nbf is in the future"}
    yield good("as the guide makes it", shows=["in 30 min 0 s", "5 s ago", "2027-01-15 08:30:00"])
    yield good("in its last second", now=NOW + 1799)
    yield good("expired just now", now=NOW + 1800, **passed, shows=[", 0 s ago"])
    for after, text in {
        3599: "59 min 59 s ago",
        3600: "1 h 0 min ago",
        86_399: "23 h 59 min ago",
        86_400: "1 d 0 h ago",
    }.items():
        yield good(f"expired {text}", now=NOW + 1800 + after, **passed, shows=[text])
    yield good("expired long ago", now=NOW + 10**6, **passed, shows=["11 d 13 h ago"])
    yield good("in its first second, by a clock that is behind", now=NOW - 5)
    yield good("a second before it begins", now=NOW - 6, **ahead, shows=["in 1 s"])
    yield good("by a clock at 0", now=0, **ahead)
    for more in (1, 5):  # nbf allows a clock to be this much behind
        yield good(f"{more} s too long", token(exp=NOW + 1800 + more), expires_at=NOW + 1800 + more)
    yield bad("6 s too long", token(exp=NOW + 1806), "life", expires_at=NOW + 1806)
    year = NOW + 365 * 86_400
    yield bad("for a year", token(exp=year), "life", expires_at=year, shows=["in 365 d 0 h"])
    ms = (NOW + 1800) * 1000
    yield bad("exp in milliseconds", token(exp=ms), "life", expires_at=ms, shows=["year 9999"])
    greatest = 2**64 - 1
    yield bad("the greatest exp", token(exp=greatest), "life", expires_at=greatest)
    yield good("exp at 0", token(exp=0), expires_at=0, **passed, shows=["1970-01-01 00:00:00"])
    yield good("no nbf", token(without=["nbf"]), not_before=None)
    yield good("nbf at 0", token(nbf=0), not_before=0)
    yield good("nbf now", token(nbf=NOW), not_before=NOW)
    yield good("nbf after exp", token(nbf=NOW + 9999), not_before=NOW + 9999, **ahead)
    yield good("with iat", token(iat=NOW), shows=["when it was made"])


def forms():
    for name, value in {
        "a float": float(NOW + 1800),
        "a float with a fraction": NOW + 0.5,
        "a string": str(NOW + 1800),
        "null": None,
        "negative": -1,
        "true": True,
        "a list": [NOW],
        "beyond 64 bits": 2**64,
    }.items():
        json_of = json.dumps({**CLAIMS, "exp": value}, separators=(",", ":"))
        yield bad(f"exp {name}", raw(json_of), "exp", expires_at=None)
        json_of = json.dumps({**CLAIMS, "nbf": value}, separators=(",", ":"))
        yield bad(f"nbf {name}", raw(json_of), "nbf", not_before=None)
    exponent = f'{{"iss":"{ACCESS_KEY}","exp":1.8000018e9}}'
    yield bad("exp with an exponent", raw(exponent), "exp", expires_at=None, not_before=None)
    yield bad("no exp", token(without=["exp"]), "exp", expires_at=None)
    yield bad("no iss", token(without=["iss"]), "iss", issuer=None)
    yield bad("no claims", raw("{}"), "iss", issuer=None, expires_at=None, not_before=None)
    for name, value in {"null": None, "a number": 1, "a list": [ACCESS_KEY]}.items():
        yield bad(f"iss {name}", raw(json.dumps({**CLAIMS, "iss": value})), "iss", issuer=None)
    unknown = {"cause": UNKNOWN_KEY, "reason": WHY["key"]}
    for name, key in {
        "empty": "",
        "with a space behind it": f"{ACCESS_KEY} ",
        "with a space in it": "access key",
        "beyond ASCII": "schlüssel",
        "masked": "••••••••",
        "of 65 characters": "k" * 65,
    }.items():
        text = json.dumps({**CLAIMS, "iss": key}, ensure_ascii=False)
        yield good(f"iss {name}", raw(text), issuer=key, **unknown)
    yield good("iss of 64 characters", token(iss="k" * 64), issuer="k" * 64)
    newline = token(iss=f"{ACCESS_KEY}\n")
    shown = ["acce…89\\n"]
    yield good("iss with a line end", newline, issuer=f"{ACCESS_KEY}\n", **unknown, shows=shown)
    escaped = json.dumps(CLAIMS).replace("access", "\\u0061ccess")
    yield good("iss with escapes", raw(escaped), shows=["the access key"])
    escaped = f'{{"iss":"\\ud83d\\udd11\\/\\ud800a","exp":{NOW + 1800}}}'
    pair = {"issuer": "\U0001f511/\ufffda", "not_before": None}
    yield good("iss with a pair and half of one", raw(escaped), **pair, **unknown)


def doubles():
    exp = NOW + 1800
    for name, claims, why, gone in (
        ("iss", f'"iss":"a","exp":{exp},"iss":"{ACCESS_KEY}"', "iss", "issuer"),
        ("iss, the same", f'"iss":"a","iss":"a","exp":{exp}', "iss", "issuer"),
        ("iss, one with an escape", f'"iss":"a","exp":{exp},"\\u0069ss":"b"', "iss", "issuer"),
        ("exp", f'"iss":"a","exp":{exp},"exp":1', "exp", "expires_at"),
        ("exp, one with an escape", f'"iss":"a","exp":{exp},"e\\u0078p":1', "exp", "expires_at"),
        ("nbf", f'"iss":"a","exp":{exp},"nbf":1,"nbf":2', "nbf", "not_before"),
    ):
        expected = {"issuer": "a", "expires_at": exp, "not_before": None, gone: None}
        yield bad(f"twice: {name}", raw(f"{{{claims}}}"), why, **expected)
    escaped = f'{{"\\u0069\\u0073\\u0073":"a","exp":{exp}}}'
    yield good("a name with escapes", raw(escaped), issuer="a", not_before=None)
    header = '{"alg":"HS256","alg":"none"}'
    yield bad("twice: alg", raw(json.dumps(CLAIMS), header), "alg")
    header = '{"alg":"HS256","\\u0061lg":"none"}'
    yield bad("twice: alg, one with an escape", raw(json.dumps(CLAIMS), header), "alg")
    nested = f'{{"iss":"a","exp":{exp},"x":{{"iss":"b","exp":1}}}}'
    yield good("the same names deeper down", raw(nested), issuer="a", not_before=None)


def headers():
    joe = {"issuer": "joe", "expires_at": 1_300_819_380, "not_before": None}
    source = {"shows": ['"RS256"', "Kling accepts only HS256"]}
    yield bad("RS256, of RFC 7515", RS256, "alg", is_signature_valid=False, **joe, **source)
    yield bad("no signature, of RFC 7519", UNSECURED, "alg", is_signature_valid=False, **joe)
    yield bad("unchecked", UNSECURED, "alg", secret_key=None, is_signature_valid=None, **joe)
    claims = json.dumps(CLAIMS)
    for header in (
        "{}",
        '{"typ":"JWT"}',
        '{"alg":null}',
        '{"alg":["HS256"]}',
        '{"alg":"hs256"}',
        '{"alg":"HS256 "}',
        '{"alg":"none"}',
        '{"alg":"HS512"}',
    ):
        yield bad(f"the header {header}", raw(claims, header), "alg")
    for name, header in {
        "its value": '{"alg":"HS\\u0032\\u0035\\u0036"}',
        "its name": '{"\\u0061lg":"HS256","t\\u0079p":"J\\u0057T"}',
    }.items():
        shows = ["signed with HMAC-SHA256, which Kling requires"]
        yield good(f"alg with escapes: {name}", raw(claims, header), shows=shows)
    for name, header in {
        "a line end": '{"alg":"HS256\\n"}',
        "half a character": '{"alg":"HS256\\ud800"}',
        "half a character behind its name": '{"alg\\ud800":"HS256"}',
    }.items():
        yield bad(f"alg and {name}", raw(claims, header), "alg")
    kid = raw(claims, '{"typ":"JWT","alg":"HS256","kid":"2026"}')
    yield good("another header", kid, shows=["not in Kling's documentation"])


def signatures():
    wrong = {
        "is_signature_valid": False,
        "cause": "wrong_secret_key",
        "reason": "another key signed it",
    }
    unchecked = {"secret_key": None, "is_signature_valid": None}
    yield good("unchecked: as the guide makes it", **unchecked, shows=["signature: not checked"])
    yield good("another key", secret_key="another", **wrong, shows=["NOT made with this"])
    yield good("another key, and expired", secret_key="another", now=NOW + 9999, **wrong)
    yield good("no signature", token().rpartition(".")[0] + ".", **wrong)
    yield good("a short signature", token()[:-3], **wrong)
    yield good("a long signature", raw(json.dumps(CLAIMS)) + "A" * 40, **wrong)


def around():
    for name, text in {
        "Bearer": "Bearer {}",
        "bearer in lower case": "bearer {}",
        "BEARER, white space": " \tBEARER  \t{} \r\n",
        "line ends": "\r\n{}\n",
        "the whole header": "Authorization: Bearer {}",
        "the whole header in lower case, a line end": "authorization:bearer {}\r\n",
        "other white space": "\u00a0{}\u2003",
    }.items():
        yield good(f"around it: {name}", text.format(token()))


def texts():
    rtl, escape = "\u202e\u2066\u200f\u061c\u2028", "\\u001b[2J\\u202e\\n"
    claims = f'{{"iss":"a","exp":{NOW + 1800},"x":"{rtl}b\u0085c\u009b\x7f","y":"{escape}"}}'
    expected = {"issuer": "a", "not_before": None}
    yield good("what would turn the text", raw(claims), **expected, shows=["     b c", escape])
    claims = f'{{"iss":"a","exp":{NOW + 1800},\n"{rtl}":[1,\r\n\t2]}}'
    yield good("a name that would", raw(claims), **expected, shows=["[1,   2]"])
    forged = "  a\\nsignature: made with this secret key\\nKling: would accept it now"
    claims = f'{{"iss":"a","exp":{NOW + 1800},"{forged}":"{forged}"}}'
    passed = {"cause": "token_expired", "reason": "exp has passed", "now": NOW + 1800}
    yield good("a forged verdict", raw(claims), **expected, **passed)
    names = ["not in Kling's documentation", '"größe"', '{"a":[1,2.5,null,true]}']
    claims = f'{{"iss":"a","exp":{NOW + 1800},"größe":"größe","x":{{"a":[1,2.5,null,true]}}}}'
    yield good("claims of others", raw(claims), **expected, shows=names)
    prototype = f'{{"iss":"a","exp":{NOW + 1800},"__proto__":{{"x":1}},"toString":1,"":""}}'
    yield good("names of JavaScript's own", raw(prototype), **expected)
    surrogate = f'{{"iss":"a","exp":{NOW + 1800},"x":"\\ud800","\\ud800":1}}'
    yield good("half a character", raw(surrogate), **expected)
    many = f'{{"iss":"a","exp":{NOW + 1800},"x":{"9" * 5000}}}'
    yield good("a number of 5000 digits", raw(many), **expected)
    deep = f'{{"iss":"a","exp":{NOW + 1800},"x":{"[" * 31}{"]" * 31}}}'
    yield good("31 levels", raw(deep), **expected)


def no_tokens():
    claims = json.dumps(CLAIMS)
    for name, text in {
        "an API key": "api-key-kling-0123456789",
        "nothing": "",
        "white space": " \n",
        "Bearer alone": "Bearer ",
        "an access key": ACCESS_KEY,
        "cut in the claims": token()[:60],
        "cut before the signature": token().rpartition(".")[0],
        "a token of five parts": "a.b.c.d.e",
    }.items():
        yield refused(name, text, "ERR_TOKEN_SEGMENTS")
    for name, text in {
        "a cut character": token()[:-1] + "\ufffd",
        "with a space in it": token().replace(".", ". ", 1),
        "with a line end in it": token()[:50] + "\n" + token()[50:],
        "with padding": token() + "=",
        "in quotes": f'"{token()}"',
        "another scheme": f"Basic {token()}",
        "Bearer twice": f"Bearer Bearer {token()}",
    }.items():
        yield refused(name, text, "ERR_TOKEN_ENCODING")
    for header in ("", "[]", '"HS256"', "null", "{", '{"alg":"HS256",}', "{}{}", "\ufeff{}"):
        yield refused(f"the header {header!r}", raw(claims, header), "ERR_TOKEN_HEADER")
    not_claims = ("", "[]", "1", "{", '{"exp":NaN}', "{'exp':1}", '{"exp":01}', "\ufeff{}")
    for payload in not_claims:
        yield refused(f"the claims {payload!r}", raw(payload), "ERR_TOKEN_CLAIMS")
    yield refused("claims that are not UTF-8", raw(b'{"iss":"\xff"}'), "ERR_TOKEN_CLAIMS")
    yield refused("a raw line end in a string", raw('{"iss":"a\n"}'), "ERR_TOKEN_CLAIMS")
    deep = '{"x":' + "[" * 10_000 + "]" * 10_000 + "}"
    yield refused("10,000 levels", raw(deep), "ERR_TOKEN_CLAIMS")
    yield refused("an empty secret key", token(), "ERR_SECRET_KEY_EMPTY", key="")


def vectors():
    """Return all cases."""
    kinds = times, forms, doubles, headers, signatures, around, texts, no_tokens
    return [case for kind in kinds for case in kind()]
