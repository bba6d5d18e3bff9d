"""kling-auth and its peers in Python, timed side by side: ``timed.py ROUNDS [WHAT/WHO...]``.

In each round each contender runs a batch, so that whatever else the machine does meets them all.
The loop itself is a contender, and taken off. A line of JSON for each goes to standard output.
"""

import base64
import hashlib
import hmac
import importlib
import json
import statistics
import sys
import time
import timeit
from pathlib import Path

import kling_auth
from kling_auth import jwt as drop_in

AK = "AKbenchmark000000000000000000001"
SK = "SKbenchmark000000000000000000001"
HEADERS = {"alg": "HS256", "typ": "JWT"}
# Long compared with a reading of the clock, short compared with a time slice of the scheduler.
BATCH = 200e-6
GUIDE = Path(__file__).resolve().parents[2] / "guide" / "guide_manager.py"


def claims() -> dict:
    now = int(time.time())
    return {"iss": AK, "exp": now + 1800, "nbf": now - 5}


def present(name: str):
    """A peer's module. If this interpreter does not have it, a message says so."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        print(f"python: NOT MEASURED: {name}: {error}", file=sys.stderr)
        return None


jwt, jwt_rs, oxyjwt, ryjwt = map(present, ("jwt", "jwt_rs", "oxyjwt", "ryjwt"))
jose, joserfc = present("jose.jwt"), present("joserfc.jwt")


def by_hand():
    """The standard library, with constants computed once."""
    keyed = hmac.new(SK.encode(), digestmod=hashlib.sha256)
    encode = base64.urlsafe_b64encode
    start = encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=") + b"."

    def mint() -> str:
        now = int(time.time())
        payload = b'{"iss":"%s","exp":%d,"nbf":%d}' % (AK.encode(), now + 1800, now - 5)
        signing_input = start + encode(payload).rstrip(b"=")
        signature = keyed.copy()
        signature.update(signing_input)
        return (signing_input + b"." + encode(signature.digest()).rstrip(b"=")).decode()

    return mint


def pre_encoded():
    """oxyjwt at its fastest: a reused key, and claims that are already JSON."""
    key = oxyjwt.EncodingKey.from_secret(SK)

    def mint() -> str:
        now = int(time.time())
        return oxyjwt.encode_json(f'{{"iss":"{AK}","exp":{now + 1800},"nbf":{now - 5}}}', key)

    return mint


def guide_class():
    scope = {"jwt": jwt}
    exec(compile(GUIDE.read_text("utf-8"), str(GUIDE), "exec"), scope)  # noqa: S102
    return scope["KlingAuth"](AK, SK)


def contenders():
    """The contenders: what, who, the statement, and the names in it."""
    auth = kling_auth.KlingAuth(AK, SK)
    ours = {"auth": auth, "generate": kling_auth.generate_kling_token, "AK": AK, "SK": SK}
    yield "loop", "python", "pass", {}
    yield "mint", "kling-auth", "auth.refresh()", ours
    yield "raw_keys", "kling-auth", "generate(AK, SK)", ours
    yield "token", "kling-auth", "auth.token", ours
    yield "headers", "kling-auth", "auth.headers", ours
    if jwt:
        guide = guide_class()
        yield "token", "guide's class", "guide.token", {"guide": guide}
        yield "headers", "guide's class", "guide.headers", {"guide": guide}
    yield "mint", "stdlib", "mint()", {"mint": by_hand()}

    given = {"claims": claims, "payload": claims(), "SK": SK, "HEADERS": HEADERS}
    given["token"] = drop_in.encode(claims(), SK)
    as_guide = 'jwt.encode({}, SK, algorithm="HS256", headers=HEADERS)'
    for who, module in (("PyJWT", jwt), ("pyjwt-rs", jwt_rs), ("oxyjwt", oxyjwt)):
        if module:
            yield "mint", who, as_guide.format("claims()"), {**given, "jwt": module}
    for who, module in (
        ("kling-auth", drop_in),
        ("PyJWT", jwt),
        ("pyjwt-rs", jwt_rs),
        ("oxyjwt", oxyjwt),
    ):
        if module:
            names = {**given, "jwt": module}
            yield "encode", who, as_guide.format("payload"), names
            yield "decode", who, 'jwt.decode(token, SK, algorithms=["HS256"])', names
    if jose:
        names = {**given, "jwt": jose}
        yield "mint", "python-jose", 'jwt.encode(claims(), SK, algorithm="HS256")', names
        yield "decode", "python-jose", 'jwt.decode(token, SK, algorithms=["HS256"])', names
    if joserfc:
        from joserfc.jwk import OctKey

        names = {**given, "jwt": joserfc, "key": OctKey.import_key(SK)}
        yield "mint", "joserfc", "jwt.encode(HEADERS, claims(), key)", names
        yield "decode", "joserfc", "jwt.decode(token, key)", names
    if oxyjwt:
        yield "mint", "oxyjwt, pre-encoded", "mint()", {"mint": pre_encoded()}
    if ryjwt:
        names = {**given, "key": ryjwt.SecretKey(SK.encode(), algorithms=["HS256"])}
        yield "mint", "ryjwt", "key.encode(claims())", names
        yield "encode", "ryjwt", "key.encode(payload)", names
        yield "decode", "ryjwt", "key.decode(token)", names


def check(what: str, who: str, statement: str, names: dict) -> None:
    """Checks with PyJWT that a contender makes a valid token."""
    if jwt and what in ("mint", "raw_keys", "token", "encode"):
        decoded = jwt.decode(eval(statement, names), SK, algorithms=["HS256"])  # noqa: S307
        if set(decoded) != {"iss", "exp", "nbf"} or decoded["exp"] - decoded["nbf"] != 1805:
            raise SystemExit(f"python: {what} of {who} makes another token: {decoded}")


def batch(timer: timeit.Timer) -> int:
    times = 1
    # The fastest of five, since interrupted ones take longer.
    while min(timer.repeat(5, times)) < BATCH:
        times *= 2
    return times


def main(rounds: int, only: "list[str]") -> None:
    timed = []
    for what, who, statement, names in contenders():
        if only and f"{what}/{who}" not in ["loop/python", *only]:
            continue
        check(what, who, statement, names)
        timer = timeit.Timer(statement, globals=names)
        timed.append((what, who, statement, timer, batch(timer), []))
    for turn in range(rounds):
        # Each round begins with another contender, so that the order does not favour one.
        start = turn % len(timed)
        for *_, timer, times, sample in timed[start:] + timed[:start]:
            sample.append(timer.timeit(times) / times * 1e9)
    loop = statistics.median(timed[0][-1])
    for what, who, statement, _, _, sample in timed[1:]:
        first, median, third = (each - loop for each in statistics.quantiles(sample, n=4))
        line = {"language": "python", "what": what, "who": who, "how": statement, "unit": "ns"}
        line |= {"median": median, "quartiles": [first, third], "rounds": rounds}
        print(json.dumps(line))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
