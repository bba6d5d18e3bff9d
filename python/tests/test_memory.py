"""Without enough memory there is a MemoryError, and the process continues."""

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="the system cannot limit memory")

PROGRAM = """
import resource, sys
from kling_auth import _native

text = b"x" * 40_000_000
token = b"." + b"A" * 40_000_000 + b"."
room = int(sys.argv[1]) * 1024 * 1024
pages = int(open("/proc/self/statm").read().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + room,) * 2)
for call in (lambda: _native.jwt_encode(b"{}", text, b"k"), lambda: _native.jwt_decode(token)):
    try:
        call()
    except MemoryError:
        print("MemoryError")
    else:
        print("done")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the size of a process from Linux")
def test_little_memory():
    seen = set()
    for room in (10, 45, 60, 75, 100, 400):
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(room)], capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 0, run.stderr
        seen.update(run.stdout.split())
    assert seen == {"MemoryError", "done"}
