"""The package without its extension, or with one that does not load."""

import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import kling_auth

PACKAGE = Path(kling_auth.__file__).parent
HERE = EXTENSION_SUFFIXES[0]
CASES = [
    (None, "has no native extension here, and needs the one for cpython"),
    (f"_native{HERE}", f"(_native{HERE}) does not load in cpython"),
    ("_native.cpython-399-other.pyd", "was installed for another platform (_native.cpython-399"),
]


@pytest.mark.parametrize(("extension", "expected"), CASES)
def test_the_error_names_platform_and_remedy(
    tmp_path: Path, extension: "str | None", expected: str
) -> None:
    ignored = shutil.ignore_patterns("_native*.so", "_native*.pyd", "__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "kling_auth", ignore=ignored)
    if extension:
        (tmp_path / "kling_auth" / extension).write_bytes(b"made for another machine")
    command = [
        sys.executable,
        "-I",
        "-c",
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport kling_auth",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    last = ran.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert expected in last
    assert "python -m pip install --force-reinstall" in last
    assert f"on {sys.platform}" in last
    assert ran.returncode == 1
