"""The goals of the figures, and whether they are met."""

from typing import NamedTuple

WITH_RUST_PYTHON = ("pyjwt-rs", "oxyjwt", "oxyjwt, pre-encoded", "ryjwt")
WITH_RUST_DROP_IN = ("pyjwt-rs", "oxyjwt")
RUST_PEERS = ("jsonwebtoken", "jwt-simple", "jwt-compact", "hmac", "ring", "aws-lc-rs")
US = "kling-auth"


class Goal(NamedTuple):
    """A ratio of our figure to the best of some peers: a maximum or a minimum."""

    text: str
    language: str
    ours: "tuple[str, str]"
    """What and who."""
    what: str
    peers: "tuple[str, ...]"
    at_most: "float | None" = None
    """The maximum of ours / theirs."""
    at_least: "float | None" = None
    """The minimum of theirs / ours."""


class Limit(NamedTuple):
    """A maximum for our figure."""

    text: str
    language: str
    ours: "tuple[str, str]"
    limit: float


GOALS: "tuple[Goal | Limit, ...]" = (
    Goal("Signer::sign_into, three compressions", "rust", ("sign_into", US), "floor", ("compressions",), at_most=1.25),
    Goal("Signer::sign_into, the fastest Rust peer", "rust", ("sign_into", US), "mint", RUST_PEERS, at_least=4),
    Goal("mint, PyJWT", "python", ("mint", US), "mint", ("PyJWT",), at_least=120),
    Goal("mint, the fastest Rust-backed peer", "python", ("mint", US), "mint", WITH_RUST_PYTHON, at_least=3),
    Goal("from raw keys, PyJWT", "python", ("raw_keys", US), "mint", ("PyJWT",), at_least=40),
    Goal("cached .token, the guide's class", "python", ("token", US), "token", ("guide's class",), at_most=1 / 3),
    Goal("cached .headers, the guide's class", "python", ("headers", US), "headers", ("guide's class",), at_most=1 / 2),
    Goal("drop-in jwt.encode, PyJWT", "python", ("encode", US), "encode", ("PyJWT",), at_least=8),
    Goal("drop-in jwt.encode, the fastest Rust-backed drop-in", "python", ("encode", US), "encode", WITH_RUST_DROP_IN, at_least=1),
    Goal("drop-in jwt.encode, ryjwt's key.encode (no drop-in)", "python", ("encode", US), "encode", ("ryjwt",), at_least=1),
    Limit("import and one token, CPU over an empty program", "python", ("start", US), 2),
    Goal("mint, fast-jwt", "node", ("mint", US), "mint", ("fast-jwt",), at_least=15),
    Goal("mint, jsonwebtoken as the guide calls it", "node", ("mint", US), "mint", ("jsonwebtoken",), at_least=800),
    Goal("cached .token, a getter with one Date.now()", "node", ("token", US), "token", ("getter",), at_most=1.2),
    Goal("drop-in jwt.sign, jsonwebtoken with a string", "node", ("sign", US), "sign", ("jsonwebtoken",), at_least=100),
    Goal("drop-in jwt.sign, jsonwebtoken with a KeyObject", "node", ("sign", f"{US}, KeyObject"), "sign", ("jsonwebtoken, KeyObject",), at_least=2),
    Limit("import and one token, CPU over an empty program", "node", ("start", US), 3),
    Limit("installed size", "python", ("size", US), 1),
    Limit("installed size", "node", ("size", US), 1),
    Limit("memory of an account, many: a KlingAuth", "rust", ("memory_of_many", "KlingAuth"), 512),
    Limit("memory of an account, many: a TokenProvider", "rust", ("memory_of_many", "TokenProvider"), 512),
    Goal("memory of an account, many to few", "rust", ("memory_of_many", "KlingAuth"), "memory_of_few", ("KlingAuth",), at_most=1.1),
    Limit("memory grown in 1000 renewals, an account", "rust", ("growth", "1000"), 16),
    Goal("renewing many accounts, two cores to one", "rust", ("renewal_on_2", "many"), "renewal_on_1", ("many",), at_least=1.8),
)  # fmt: skip


def judged(lines: "list[dict]") -> "list[dict]":
    """Each goal with its figures. A goal that was not measured is not met."""
    by_name = {(line["language"], line["what"], line["who"]): line for line in lines}
    return [judge(goal, by_name) for goal in GOALS]


def judge(goal: "Goal | Limit", by_name: "dict") -> "dict":
    found = {"goal": goal.text, "language": goal.language}
    ours = by_name.get((goal.language, *goal.ours))
    if isinstance(goal, Limit):
        found |= {"wanted": f"<= {goal.limit:g}"}
        if ours is None:
            return found | {"ours": None, "is_met": False}
        value = ours["median"]
        return found | {"ours": value, "unit": ours["unit"], "is_met": value <= goal.limit}
    sign, factor = ("<=", goal.at_most) if goal.at_most else (">=", goal.at_least)
    found |= {"wanted": f"{sign} {factor:.3g} x"}
    names = [(goal.language, goal.what, who) for who in goal.peers]
    peers = {name[2]: by_name[name]["median"] for name in names if name in by_name}
    if ours is None or not peers:
        return found | {"ours": None, "is_met": False}
    best = min(peers, key=peers.__getitem__)
    value, other = ours["median"], peers[best]
    ratio = value / other if goal.at_most else other / value
    is_met = ratio <= factor if goal.at_most else ratio >= factor
    found |= {"ours": value, "unit": ours["unit"], "peer": best, "theirs": other, "ratio": ratio}
    return found | {"is_met": is_met, "peers": peers}


def show(result: "dict") -> None:
    """One table: everything that was measured, then the goals."""
    lines = sorted(
        result["lines"], key=lambda line: (line["language"], line["what"], line["median"])
    )
    print(f"{'language':8} {'what':24} {'who':26} {'median':>12}  {'quartiles':>24}")
    for line in lines:
        first, third = line["quartiles"]
        spread = f"{first:,.4g} to {third:,.4g}"
        print(
            f"{line['language']:8} {line['what']:24} {line['who']:26} "
            f"{line['median']:>12,.4g}  {spread:>24} {line['unit']}"
        )
    print(f"\n{'goal':56} {'ours':>10} {'theirs':>10} {'ratio':>8} {'wanted':>10}")
    for goal in result["goals"]:
        name = f"{goal['language']}: {goal['goal']}"
        if goal["ours"] is None:
            print(f"{name:66} NOT MEASURED")
            continue
        theirs = f"{goal['theirs']:,.4g}" if "theirs" in goal else ""
        ratio = f"{goal['ratio']:,.3g}" if "ratio" in goal else ""
        met = "met" if goal["is_met"] else "MISSED"
        print(
            f"{name:56} {goal['ours']:>10,.4g} {theirs:>10} {ratio:>8} {goal['wanted']:>10} {met}"
            + (f" ({goal['peer']})" if "peer" in goal else "")
        )
    met = sum(goal["is_met"] for goal in result["goals"])
    print(f"\n{met} of {len(result['goals'])} goals met")
