"""Makes the first inputs of each fuzz target from ``tests/vectors``: one file each in ``corpus``,
named by its hash, as libFuzzer does. The inputs that fuzzing found are in the same place.
"""

import hashlib
import json
import pathlib

HERE = pathlib.Path(__file__).parent
VECTORS = HERE.parent / "vectors"


def vectors(name):
    """Read a file of ``tests/vectors``."""
    return json.loads((VECTORS / name).read_text("utf-8"))


def tokens():
    """Yield valid and invalid tokens."""
    yield from (case["token"] for case in vectors("compact.json"))
    yield from (case["token"] for case in vectors("refusals.json")["tokens"])
    yield vectors("rfc7515.json")["token"]
    yield vectors("foreign/rfc7520_4_4.json")["token"]


def inspections():
    """Yield tokens, and claims and a header on two lines."""
    yield from (case["token"] for case in vectors("inspect.json"))
    yield from (f"{case['payload']}\n{case['header']}" for case in vectors("compact.json"))
    yield '{"iss":"access-key","exp":1800001800,"nbf":1799999995}\n{"alg":"HS256","typ":"JWT"}'


def responses():
    """Yield a byte of choices, the status, the date and the body of responses."""
    dates = [case["date"] for case in vectors("dates.json")]
    for number, case in enumerate(vectors("verdicts.json")):
        if "body" in case:
            body = case["body"].replace("{pad}", "x" * min(case.get("pad", 0), 300))
            date = dates[number % len(dates)]
            yield f"{chr(number % 4)}{case['status']}\n{date}\n{body}"
    for date in ("Fri, 15 Jan 2027 09:00:00 GMT", "Fri, 15 Jan 2027 07:00:00 GMT"):
        for code in (1000, 1003, 1004):
            yield f'\0401\n{date}\n{{"code":{code},"message":"auth failed {{token}}"}}'


def callbacks():
    """Yield id, time, signature and body of callbacks."""
    for case in vectors("webhooks.json"):
        headers = {name.lower(): value for name, value in reversed(case["headers"])}
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        lines = [headers.get(name, "") for name in names]
        yield "\n".join([*lines, case.get("body", "")[:200]])


def credentials():
    """Yield keys."""
    for case in vectors("refusals.json")["credentials"]:
        yield "\n".join(
            case[name] for name in ("access_key", "secret_key", "api_key") if case.get(name)
        )
    for case in vectors("sources.json"):
        yield "\n".join(case.get("given", {}).values())
        yield "\n".join(value for value in case.get("env", {}).values() if "{root}" not in value)
    yield "access-key\n{secret}"
    yield "api-key-kling-{secret}"
    yield "access-key:{secret}"
    yield "“Bearer {secret}”\n"


def dotenvs():
    """Yield `.env` files."""
    for case in vectors("sources.json"):
        yield from (text for path, text in case.get("files", {}).items() if path.endswith(".env"))
    yield "KLING_ACCESS_KEY=access-key\nexport KLING_SECRET_KEY='{secret}'\n"
    yield '\ufeffKLING_API_KEY="access:{secret}" # $HOME\nKLING_SECRET_KEY={secret\n'


TARGETS = {
    "token": tokens,
    "inspect": inspections,
    "verdict": responses,
    "webhook": callbacks,
    "credentials": credentials,
    "dotenv": dotenvs,
}


def main():
    """Write them."""
    for target, inputs in TARGETS.items():
        directory = HERE / "corpus" / target
        directory.mkdir(parents=True, exist_ok=True)
        for text in inputs():
            data = text.encode("utf-8", "surrogatepass")[:4096]
            name = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            (directory / name).write_bytes(data)


if __name__ == "__main__":
    main()
