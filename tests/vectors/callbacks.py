"""The cases of `webhooks.json`: callbacks, and the expected result of each.

Every signature is made by `standardwebhooks`, the specification's own library; what is done to a
callback after that, and its error code, is written manually.
"""

import base64
import hashlib
import hmac
import importlib.metadata
import json
from datetime import datetime, timezone

from standardwebhooks import Webhook

SOURCE = f"standardwebhooks {importlib.metadata.version('standardwebhooks')} (PyPI)"
PUBLISHED = "Standard Webhooks, libraries/javascript/src/webhook.test.ts, `sign function works`"
# The secret of the libraries' own tests, and one that replaces it.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret, with 32 bytes...").decode()
ID, NOW = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_800_000_000
BODY = json.dumps(
    {"task_id": "1", "task_status": "succeed", "task_result": {"videos": []}},
    separators=(",", ":"),
)
HEADER, TIME, SIGNATURE = "ERR_WEBHOOK_HEADER", "ERR_WEBHOOK_TIME", "ERR_WEBHOOK_SIGNATURE"
BAD_SECRET, UNSIGNED = "ERR_WEBHOOK_SECRET", "ERR_WEBHOOK_UNSIGNED"


def sign(secret=SECRET, id=ID, timestamp=NOW, body=BODY):
    """Sign as Kling would: the value of `webhook-signature`."""
    return Webhook(secret).sign(id, datetime.fromtimestamp(timestamp, timezone.utc), body)


def secret_of(length):
    """Return a secret whose key has this many bytes."""
    return "whsec_" + base64.b64encode(bytes(range(256))[:length] * -(-length // 256)).decode()


def signed_cases():
    """Yield name and signed parts of each unchanged callback."""
    yield "a callback of Kling's", {}
    yield "an empty body", {"body": ""}
    yield "JSON on several lines", {"body": '{\r\n\t"a": 1\n}\n'}
    yield "a body beyond ASCII", {"body": '{"prompt":"猫 é \U0001f511 \u2028"}'}
    yield "a body with NUL", {"body": "\0\x01\x7f"}
    yield "a body with dots", {"body": "1800000000.{}.v1,"}
    yield "a body of 1 MiB", {"body": "{pad}", "pad": 1 << 20}
    yield "an id with dots", {"id": "a.b.1800000000"}
    yield "an id beyond ASCII", {"id": "msg_é_猫"}
    yield "an id with spaces and commas", {"id": "a b, c"}
    yield "a long id", {"id": "x" * 4096}
    yield "at the beginning of 1970", {"timestamp": 0}
    yield "a time of 9 digits", {"timestamp": 999_999_999}
    yield "in the year 9999", {"timestamp": 253_402_300_799}
    yield "a secret without prefix", {"secret": SECRET[6:]}
    for length in (1, 24, 32, 63, 64, 65, 512):
        yield f"a secret of {length} bytes", {"secret": secret_of(length)}
    yield "a secret without padding", {"secret": OTHER.rstrip("=")}


def signed_vector(name, *, secret=SECRET, id=ID, timestamp=NOW, body=BODY, pad=0):
    sent = body.replace("{pad}", "x" * pad)
    signature = sign(secret, id, timestamp, sent)
    return {
        "name": name,
        "source": SOURCE,
        **case(secrets=[secret], id=id, timestamp=timestamp, signature=signature, body=body),
        **({"pad": pad} if pad else {}),
        "now": timestamp,
    }


def case(*, secrets=(SECRET,), id=ID, timestamp=NOW, signature=None, body=BODY):
    headers = {"id": id, "timestamp": timestamp, "signature": signature}
    return {
        "secrets": list(secrets),
        "headers": [[f"webhook-{name}", str(v)] for name, v in headers.items() if v is not None],
        "body": body,
    }


def changed_cases():
    """Yield name, changes to a genuine callback, and the code; `None` if it stays valid."""
    good, other = sign(), sign(OTHER)
    raw = base64.b64decode(good[3:])
    for name in ("id", "timestamp", "signature"):
        yield f"no {name}", {name: None}, HEADER
        yield f"an empty {name}", {name: ""}, HEADER
        none = dict.fromkeys(("id", "timestamp", "signature"))
        yield f"the {name} alone", {**none, "signature": "", name: good}, HEADER
    yield "not signed", none, UNSIGNED
    yield "not signed, with empty headers", dict.fromkeys(none, ""), UNSIGNED
    yield "not signed, and no secret", {**none, "secrets": []}, BAD_SECRET

    yield "300 seconds old", {"now": NOW + 300}, None
    yield "301 seconds old", {"now": NOW + 301}, TIME
    yield "300 seconds ahead", {"now": NOW - 300}, None
    yield "301 seconds ahead", {"now": NOW - 301}, TIME
    yield "a day old", {"now": NOW + 86_400}, TIME
    yield "of a clock at 0", {"now": 0}, TIME
    yield "a time in milliseconds", {"timestamp": NOW * 1000}, TIME
    yield "the greatest time", {"timestamp": 2**64 - 1}, TIME
    garbage = (f"+{NOW}", f"-{NOW}", f"{NOW}.0", "1.8e9", f" {NOW}", f"{NOW} ", "0x6b49d200")
    for text in (
        *garbage,
        f"{NOW},{NOW}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in str(NOW)),
        "1_800_000_000",
        str(2**64),
        "now",
    ):
        yield f"the time {text!r}", {"timestamp": text}, HEADER
    yield "a time with a zero before it", {"timestamp": f"0{NOW}"}, SIGNATURE
    yield "another time", {"timestamp": NOW + 1}, SIGNATURE
    yield "another id", {"id": ID + "x"}, SIGNATURE
    yield "an id in other letters", {"id": ID.upper()}, SIGNATURE

    yield "one byte changed", {"body": BODY.replace("succeed", "succeeD")}, SIGNATURE
    yield "one byte more", {"body": BODY + "\n"}, SIGNATURE
    yield "one byte less", {"body": BODY[:-1]}, SIGNATURE
    yield "a byte order mark", {"body": "\ufeff" + BODY}, SIGNATURE
    yield "parsed and written again", {"body": json.dumps(json.loads(BODY))}, SIGNATURE
    yield "no body", {"body": ""}, SIGNATURE
    yield "part of the body moved to the id", {"id": f"{ID}.{NOW}", "body": "{}"}, SIGNATURE

    wrong = "v1," + base64.b64encode(bytes(32)).decode()
    asymmetric = "v1a," + base64.b64encode(bytes(64)).decode()
    yield "a right signature first", {"signature": f"{good} {wrong}"}, None
    yield "a right signature last", {"signature": f"{wrong} {wrong} {good}"}, None
    yield "after one of a public key", {"signature": f"{asymmetric} {good}"}, None
    yield "after an unknown version", {"signature": f"v2,{good[3:]} {good}"}, None
    yield "after garbage", {"signature": f"v1 garbage v1,? , {good}"}, None
    yield "after spaces", {"signature": f"  {good}  "}, None
    yield "among 300 others", {"signature": " ".join([wrong] * 300 + [good])}, None
    yield "another signature", {"signature": wrong}, SIGNATURE
    yield "of a public key alone", {"signature": asymmetric}, SIGNATURE
    for version in ("v1a,", "v2,", "v11,", "V1,", "v1:", "v1;", "v1, ", "v1,,", "v1,v1,", ",", ""):
        text = f"{version}{good[3:]}"
        yield f"the version {version!r}", {"signature": text}, SIGNATURE
    encodings = {
        "no signature in the entry": "",
        "without padding": good[3:].rstrip("="),
        "with more padding": good[3:] + "=",
        "in base64url": base64.urlsafe_b64encode(raw).decode(),
        "in hexadecimal": raw.hex(),
        "not canonical": good[3:-2] + chr(ord(good[-2]) + 1) + "=",
        "with a line end in it": good[3:20] + "\n" + good[20:],
        "cut": base64.b64encode(raw[:31]).decode(),
        "longer": base64.b64encode(raw + b"\0").decode(),
        "twice": good[3:] + good[3:],
        "very long": "A" * 8192,
    }
    for name, encoded in encodings.items():
        yield f"a signature {name}", {"signature": f"v1,{encoded}"}, SIGNATURE
    yield "separated by tabs", {"signature": f"{wrong}\t{good}"}, SIGNATURE
    yield "joined by a comma, the right one first", {"signature": f"{good}, {wrong}"}, SIGNATURE
    yield "joined by a comma, the right one last", {"signature": f"{wrong}, {good}"}, None

    both = f"{other} {good}"
    yield "rotation: only the new secret", {"secrets": [OTHER], "signature": both}, None
    yield "rotation: only the old secret", {"secrets": [SECRET], "signature": both}, None
    yield "rotation: both secrets", {"secrets": [OTHER, SECRET], "signature": both}, None
    yield "rotation: the old one signs", {"secrets": [OTHER, SECRET]}, None
    yield "rotation: 7 days later", {"secrets": [SECRET], "signature": other}, SIGNATURE
    yield "the secret of another webhook", {"secrets": [OTHER]}, SIGNATURE
    yield "two secrets of other webhooks", {"secrets": [OTHER, secret_of(24)]}, SIGNATURE
    yield "a secret with a line end", {"secrets": [f"{SECRET}\r\n"]}, None
    yield "a secret in lower case", {"secrets": [SECRET.lower()]}, SIGNATURE
    yield "a short secret of another webhook", {"secrets": [secret_of(23)]}, SIGNATURE
    yield "no secret", {"secrets": []}, BAD_SECRET
    for secret in ("", "whsec_", " ", "whsec_=", "whsec_====", "A", "whsec_A"):
        yield f"the secret {secret!r}", {"secrets": [secret]}, BAD_SECRET
    bad_secrets = {
        "in base64url": "whsec_" + base64.urlsafe_b64encode(b"\xff" * 24).decode(),
        "not canonical": OTHER[:-2] + chr(ord(OTHER[-2]) + 1) + "=",
        "padded too much": f"{SECRET}=",
        "padded by a half": secret_of(64)[:-1],
        "with its prefix twice": f"whsec_{SECRET}",
        "with white space in it": SECRET.replace("IL", "I L"),
        "in quotes": f'"{SECRET}"',
        "that is masked": "whsec_••••••••",
        "of a public key": "whpk_" + base64.b64encode(bytes(32)).decode(),
        "that is an API key": "api-key-kling-0123456789",
        "with its prefix in upper case": SECRET.replace("whsec", "WHSEC"),
        "of 513 bytes": secret_of(513),
        "of 6 KiB": secret_of(6 * 1024),
    }
    for name, secret in bad_secrets.items():
        yield f"a secret {name}", {"secrets": [secret]}, BAD_SECRET
    yield "a good secret and a bad one", {"secrets": [SECRET, "bad"]}, BAD_SECRET


def headers_cases():
    """Yield name, headers and code."""
    good = [["webhook-id", ID], ["webhook-timestamp", str(NOW)], ["webhook-signature", sign()]]
    yield "names as proxies write them", [[name.title(), value] for name, value in good], None
    yield "names in upper case", [[name.upper(), value] for name, value in good], None
    yield "among others", [["Content-Type", "text/plain"], *good[::-1], ["webhook-idx", "x"]], None
    yield "no headers", [], UNSIGNED
    yield "other headers", [["Content-Type", "application/json"]], UNSIGNED
    under = [[name.replace("-", "_"), value] for name, value in good]
    yield "names with underscores", under, UNSIGNED
    cgi = [[f"HTTP_{name.upper()}", value] for name, value in under]
    yield "names as WSGI writes them", [["REQUEST_METHOD", "POST"], *cgi], None
    yield "names as CGI writes them", [[name.title(), value] for name, value in cgi], None
    yield "WSGI's names, and none of them ours", [["HTTP_ACCEPT", "*/*"]], UNSIGNED
    yield "WSGI's names with a hyphen", [[f"HTTP_{name}", v] for name, v in good], UNSIGNED
    yield "a name of WSGI and two of HTTP", [cgi[0], *good[1:]], None
    yield "a first id of WSGI's", [["HTTP_WEBHOOK_ID", "another"], *good], SIGNATURE
    yield "Svix's own names", [[name.replace("webhook", "svix"), v] for name, v in good], UNSIGNED
    wrong = "v1," + base64.b64encode(bytes(32)).decode()
    yield "a second signature header", [*good, ["Webhook-Signature", wrong]], None
    yield "a first signature header", [["Webhook-Signature", wrong], *good], SIGNATURE
    yield "a second id", [*good, ["WEBHOOK-ID", "another"]], None
    yield "a first id", [["WEBHOOK-ID", "another"], *good], SIGNATURE


def raw_vector():
    """A body that is not UTF-8, which the library does not support: signed with Python's `hmac`."""
    body = bytes(range(256))
    message = f"{ID}.{NOW}.".encode() + body
    digest = hmac.digest(base64.b64decode(SECRET[6:]), message, hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    vector = {"name": "a body that is not UTF-8", **case(signature=signature), "now": NOW}
    del vector["body"]
    return {**vector, "body_base64": base64.b64encode(body).decode(), "code": None}


def published_vector():
    timestamp, body = 1_614_265_330, '{"test": 2432232314}'
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    published = case(timestamp=timestamp, signature=signature, body=body)
    name = "the example of the specification's libraries"
    return {"name": name, "source": PUBLISHED, **published, "now": timestamp, "code": None}


def vectors():
    """Return all cases."""
    all_of_them = [published_vector()]
    for name, signed in signed_cases():
        all_of_them.append({**signed_vector(name, **signed), "code": None})
    all_of_them.append(raw_vector())
    for name, change, code in changed_cases():
        now = change.pop("now", NOW)
        changed = case(**{"signature": sign(), **change})
        all_of_them.append({"name": name, **changed, "now": now, "code": code})
    for name, headers, code in headers_cases():
        arrived = {**case(), "headers": headers}
        all_of_them.append({"name": name, **arrived, "now": NOW, "code": code})
    return all_of_them
