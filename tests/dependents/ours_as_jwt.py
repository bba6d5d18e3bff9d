"""Runs pytest with ``kling_auth.jwt`` as ``jwt``, and records the outcome of each test.

Names that only PyJWT has are defined here, too, so that test files can import them and their other
tests run. A test that uses such a name fails.
"""

import importlib.util
import json
import os
import sys
import types
from pathlib import Path

import pytest

import kling_auth.jwt as ours
from kling_auth.jwt import algorithms, api_jwt, exceptions, warnings
from kling_auth.jwt import types as typing

VERSION = "2.15.1"


def of_pyjwts_alone(name):
    """Return a class of this name that cannot be used."""

    def refuse(*_arguments, **_named):
        raise NotImplementedError(f"{name} is only in PyJWT")

    members = {"__init__": refuse, "from_dict": refuse, "from_json": refuse}
    return type(name, (), members)


def module(name, members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


def install():
    jwt = module("jwt", {name: getattr(ours, name) for name in ours.__all__})
    jwt.__path__ = []
    jwt.__version__ = VERSION
    for part in (algorithms, api_jwt, exceptions, typing, warnings):
        name = part.__name__.rpartition(".")[2]
        sys.modules[f"jwt.{name}"] = part
        setattr(jwt, name, part)
    algorithms.NoneAlgorithm = of_pyjwts_alone("NoneAlgorithm")
    algorithms.AllowedRSAKeys = object  # a type, for the tests' annotations
    names = {name: of_pyjwts_alone(name) for name in ("PyJWK", "PyJWKSet", "PyJWS")}
    jwt.__dict__.update(names)
    for name in ("api_jwk", "api_jws"):
        setattr(jwt, name, module(f"jwt.{name}", names))
    # Helpers of the tests, by PyJWT's own text where it is at hand.
    source = Path("jwt/utils.py")
    if source.exists():
        spec = importlib.util.spec_from_file_location("jwt.utils", source)
        jwt.utils = sys.modules["jwt.utils"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(jwt.utils)


OUTCOMES = {}


def pytest_runtest_logreport(report):
    before = OUTCOMES.get(report.nodeid, "passed")
    # The worst of setup, call and teardown.
    worst = max(before, report.outcome, key=["passed", "skipped", "failed"].index)
    OUTCOMES[report.nodeid] = worst


def pytest_collectreport(report):
    if report.failed:
        OUTCOMES[report.nodeid] = "failed"


def pytest_unconfigure():
    Path(os.environ["OUTCOMES"]).write_text(json.dumps(OUTCOMES), "utf-8")


if __name__ == "__main__":
    # Before pytest reads its settings, which may name classes of jwt.
    install()
    sys.exit(pytest.main(sys.argv[1:], [sys.modules[__name__]]))
