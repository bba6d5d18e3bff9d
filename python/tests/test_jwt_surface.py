"""The names of PyJWT: the same imports, calls and exceptions."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import pytest

from kling_auth import KlingAuthError, jwt
from kling_auth.jwt import exceptions
from kling_auth.jwt import warnings as jwt_warnings

pyjwt = pytest.importorskip("jwt", minversion="2.15.1")

#: Names that only PyJWT has: for other algorithms or the network.
NOT_HERE = {
    "PyJWK",
    "PyJWKClient",
    "PyJWKSet",
    "PyJWS",
    "get_algorithm_by_name",
    "register_algorithm",
    "unregister_algorithm",
}


def classes(module: Any) -> dict[str, type]:
    found = inspect.getmembers(module, inspect.isclass)
    return {name: found for name, found in found if found.__module__ == module.__name__}


def test_names() -> None:
    assert set(pyjwt.__all__) - set(jwt.__all__) == NOT_HERE
    assert [name for name in jwt.__all__ if not hasattr(jwt, name)] == []
    assert set(classes(pyjwt.exceptions)) <= set(classes(exceptions))


@pytest.mark.parametrize("name", ["encode", "decode", "decode_complete", "get_unverified_header"])
def test_signatures(name: str) -> None:
    theirs = inspect.signature(getattr(pyjwt, name)).parameters.values()
    ours = inspect.signature(getattr(jwt, name)).parameters.values()
    assert [(p.name, p.kind) for p in ours] == [(p.name, p.kind) for p in theirs]
    for their, our in zip(theirs, ours):
        if their.name == "algorithm":  # PyJWT's default is an object in place of HS256
            assert our.default == "HS256"
        else:
            assert our.default == their.default


@pytest.mark.parametrize("name", classes(pyjwt.exceptions))
def test_exceptions_are_caught_as_before(name: str) -> None:
    theirs, ours = (classes(module)[name] for module in (pyjwt.exceptions, exceptions))
    extra = [KlingAuthError]
    assert [kind.__name__ for kind in theirs.__mro__] == [
        kind.__name__ for kind in ours.__mro__ if kind not in extra
    ]
    assert ours.__mro__[-4] is KlingAuthError
    assert getattr(ours, "code").startswith("ERR_")  # noqa: B009
    assert ours("x").args == theirs("x").args


@pytest.mark.parametrize("name", classes(pyjwt.warnings))
def test_warnings_are_filtered_as_before(name: str) -> None:
    theirs, ours = (classes(module)[name] for module in (pyjwt.warnings, jwt_warnings))
    assert [kind.__name__ for kind in theirs.__mro__] == [kind.__name__ for kind in ours.__mro__]


def test_options_are_those_of_pyjwt() -> None:
    assert jwt.PyJWT().options == pyjwt.PyJWT().options
    from kling_auth.jwt.types import Options

    assert set(Options.__annotations__) == set(pyjwt.types.Options.__annotations__)


def said_by(program: str) -> str:
    """The output of a program that has imported nothing else."""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], check=True, stdout=subprocess.PIPE
    )
    return ran.stdout.decode().strip()


def test_import_is_cheap() -> None:
    program = (
        "import sys; from kling_auth import jwt; jwt.decode(jwt.encode({'exp': 2**40}, 'k' * 32), "
        "'k' * 32, ['HS256']); print({'typing', 'dataclasses', 'datetime'} & set(sys.modules))"
    )
    assert said_by(program) == "set()"


@pytest.mark.parametrize("name", ["errors", "jwt"])
def test_modules_are_attributes_of_the_package(name: str) -> None:
    program = f"import kling_auth; print(kling_auth.{name}.__name__, {name!r} in dir(kling_auth))"
    assert said_by(program) == f"kling_auth.{name} True"
