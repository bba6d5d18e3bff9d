#!/usr/bin/env python3
"""Where the CPython of a version is: ``cpython.py 3.8`` prints it.

One for all that runs on several: ``python3.X`` on PATH, or pyenv's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def interpreter(version):
    """The program, or `None`. It is run, because pyenv has shims for absent versions."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"))]
    for python in filter(None, places):
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:  # noqa: S603
            return str(python)
    return None


if __name__ == "__main__":
    found = interpreter(sys.argv[1])
    if found is None:
        sys.exit(1)
    print(found)
