"""The ``ImportError`` that is raised if the native extension is missing or does not load."""

import sys
import sysconfig
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

REINSTALL = "python -m pip install --force-reinstall --no-cache-dir kling-auth"


def explained(error: ImportError) -> ImportError:
    """Return an error that says what is wrong, in place of the one that the import raised."""
    machine = f"{sys.implementation.name} {sys.version.split()[0]} on {sysconfig.get_platform()}"
    files = Path(__file__).parent.glob("_native*")
    found = sorted(path.name for path in files if path.suffix in {".so", ".pyd"})
    if not found:
        message = (
            f"kling-auth has no native extension here, and needs the one for {machine}: {remedy()}"
        )
    elif not any(name.endswith(tuple(EXTENSION_SUFFIXES)) for name in found):
        message = (
            f"kling-auth was installed for another platform ({', '.join(found)}) than {machine}: "
            f"{remedy()}"
        )
    else:
        message = (
            f"the native extension of kling-auth ({found[0]}) does not load in {machine}: {error}: "
            f"{remedy()}"
        )
    return ImportError(message, name=error.name, path=error.path)


def remedy() -> str:
    """Return how to install the right extension."""
    if sys.implementation.name != "cpython":
        return (
            "there are builds for CPython only: use CPython, or build it for this interpreter "
            "with Rust installed: python -m pip install --no-binary kling-auth kling-auth"
        )
    return (
        f"install it on the machine and with the interpreter that will run it: "
        f"{REINSTALL} (from a checkout: maturin develop; for AWS Lambda and other bundles: "
        f"pip install --only-binary=:all: --platform manylinux2014_x86_64 --target DIRECTORY "
        f"kling-auth)"
    )
