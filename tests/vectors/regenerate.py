"""Makes `kling.json`, PyJWT's half of `compact.json`, and `inspect.json` with PyJWT; and
`webhooks.json` with `standardwebhooks`.

`regenerate.py` writes them; `regenerate.py --check` compares them with what is there.
"""

import base64
import json
import pathlib
import sys
import warnings

import callbacks
import inspections
import jwt

HERE = pathlib.Path(__file__).parent
SOURCE = f"PyJWT {jwt.__version__}"
NOW = 1_800_000_000
ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ACCESS_KEY, SECRET_KEY = ALPHANUMERIC[:32], ALPHANUMERIC[-32:]


def kling_cases():
    """Yield name, access key, secret key, lifetime and time of each case."""
    yield "as Kling gives keys", ACCESS_KEY, SECRET_KEY, 1800, NOW
    yield "with the guide's prefixes", "ak_0123456789", "sk_0123456789", 1800, NOW
    yield "the shortest keys", "a", "s", 1800, NOW
    yield "the longest access key", "k" * 64, SECRET_KEY, 1800, NOW
    for length in range(28, 37):
        yield f"access key of {length}", ALPHANUMERIC[:length], SECRET_KEY, 1800, NOW
    for length in (31, 63, 64, 65, 512):
        yield f"secret key of {length}", ACCESS_KEY, (ALPHANUMERIC * 9)[:length], 1800, NOW
    punctuation = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"\\:|')
    secret_key = '"all_of_it"_\\'
    for half in (punctuation[:45], punctuation[45:]):
        yield f"an access key from {half[0]} to {half[-1]}", half, secret_key, 1800, NOW
    for lifetime in (1, 60, 1799):
        yield f"lifetime of {lifetime}", ACCESS_KEY, SECRET_KEY, lifetime, NOW
    for now in (5, 9, 104, 999_999_999, 1_000_000_004, 9_999_998_200, 253_402_300_799):
        yield f"at {now}", ACCESS_KEY, SECRET_KEY, 1800, now


def kling_vector(name, access_key, secret_key, lifetime, now):
    """Sign like the guide, and split the token into its stages."""
    payload = {"iss": access_key, "exp": now + lifetime, "nbf": now - 5}
    token = jwt.encode(
        payload, secret_key, algorithm="HS256", headers={"alg": "HS256", "typ": "JWT"}
    )
    header, claims, signature = (base64url_decode(segment) for segment in token.split("."))
    return {
        "name": name,
        "access_key": access_key,
        "secret_key": secret_key,
        "lifetime": lifetime,
        "now": now,
        "header": header.decode(),
        "claims": claims.decode(),
        "signing_input": token.rpartition(".")[0],
        "signature": signature.hex(),
        "token": token,
    }


def compact_cases():
    """Yield header, payload and key of each case."""
    yield {}, {}, "k"
    yield {"kid": "2026-11"}, {"iss": ACCESS_KEY, "exp": NOW + 1800}, SECRET_KEY
    yield {"typ": None}, {"nested": {"list": [1, 2.5, None, True]}}, SECRET_KEY
    yield {"zeta": 1, "alpha": "ä"}, {"text": "ü 漢字 \U0001f511 \u2028 \ud800"}, "schlüssel"
    yield {}, {"big": 2**64, "small": 1e-7, "negative": -1, "": ""}, "s" * 65


def compact_vector(headers, payload, key):
    """Encode with PyJWT, and record the JSON texts that it signed."""
    token = jwt.encode(payload, key, algorithm="HS256", headers=headers)
    header, claims, _ = (base64url_decode(segment) for segment in token.split("."))
    return {
        "source": SOURCE,
        "header": header.decode(),
        "payload": claims.decode(),
        "key": key,
        "token": token,
    }


def base64url_decode(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def regenerated():
    """Return the contents of the files by name."""
    compact = json.loads((HERE / "compact.json").read_text("utf-8"))
    others = [vector for vector in compact if not vector["source"].startswith("PyJWT")]
    return {
        "kling.json": on_lines([kling_vector(*case) for case in kling_cases()]),
        "compact.json": on_lines([compact_vector(*case) for case in compact_cases()] + others),
        "webhooks.json": a_line_each(callbacks.vectors()),
        "inspect.json": a_line_each(inspections.vectors()),
    }


def on_lines(vectors):
    return json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"


def a_line_each(vectors):
    """For many small vectors. Characters that change the writing direction are escaped."""
    return "[\n " + ",\n ".join(map(json.dumps, vectors)) + "\n]\n"


def main():
    # Some cases test short keys.
    warnings.simplefilter("ignore", jwt.warnings.InsecureKeyLengthWarning)
    differ = []
    for name, text in regenerated().items():
        path = HERE / name
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
        elif path.read_text("utf-8") != text:
            differ.append(name)
    if differ:
        sys.exit(f"{SOURCE} and {callbacks.SOURCE} make other vectors than {', '.join(differ)}")
    print(f"vectors: {SOURCE} and {callbacks.SOURCE} agree")


if __name__ == "__main__":
    main()
