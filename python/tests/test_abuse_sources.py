"""Something else in the place of credentials: the error names the place.

Each case runs in its own process, so that an open pipe or an endless file ends with it. Permissions
are tested as a user who has none.
"""

import os
import sys

import pytest
from abuse import outcome_of
from conftest import TALLIES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="has what Linux has for files")

NO_FILE = "CredentialError ERR_FILE_UNREADABLE"
TOO_LARGE = "CredentialError ERR_FILE_TOO_LARGE"
BROKEN = "CredentialError ERR_FILE_BROKEN_LINE"
MISSING = "CredentialError ERR_CREDENTIALS_MISSING"


def directory(path):
    path.mkdir()


def pipe(path):
    os.mkfifo(path)


def socket_of_nobody(path):
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def link(target):
    def make(path):
        path.symlink_to(target)

    return make


def loop(path):
    path.symlink_to(path.name)


def of(content, times=1):
    def make(path):
        path.write_bytes(content * times)
        path.chmod(0o600)

    return make


def sparse(path):
    with open(path, "wb") as file:
        file.truncate(2**40)
    path.chmod(0o600)


# What is created at the path, and the outcome for a mounted secret, `.env` and the profile.
PLACES = {
    "a directory": (directory, NO_FILE, NO_FILE, NO_FILE),
    "a pipe": (pipe, NO_FILE, NO_FILE, NO_FILE),
    "a socket": (socket_of_nobody, NO_FILE, NO_FILE, NO_FILE),
    "a link to nothing": (link("/nobody/here"), NO_FILE, MISSING, MISSING),
    "a link below a file": (link("/etc/passwd/x"), NO_FILE, MISSING, MISSING),
    "a link to itself": (loop, NO_FILE, NO_FILE, NO_FILE),
    "a link of a long name": (link("x" * 300), NO_FILE, NO_FILE, NO_FILE),
    "an endless device": (link("/dev/zero"), NO_FILE, NO_FILE, NO_FILE),
    "a full device": (link("/dev/full"), NO_FILE, NO_FILE, NO_FILE),
    "memory": (link("/proc/self/mem"), NO_FILE, NO_FILE, NO_FILE),
    "10 MiB": (of(b"KLING_ACCESS_KEY=x\n", 550_000), TOO_LARGE, TOO_LARGE, TOO_LARGE),
    "10 MiB in a line": (of(b"x", 10 * 2**20), TOO_LARGE, TOO_LARGE, TOO_LARGE),
    "a tebibyte of nothing": (sparse, TOO_LARGE, TOO_LARGE, TOO_LARGE),
}


def found(root, setup, environment):
    """Run a search in this place and environment, and return the outcome."""
    outcome, grown, took = outcome_of(
        "KlingAuth()", setup, cwd=root, env={"HOME": str(root / "home"), **environment}
    )
    assert grown <= 8, f"{grown} MiB"
    assert took < 10
    return outcome


@pytest.mark.parametrize("name", PLACES)
def test_place(name, tmp_path):
    make, *outcomes = PLACES[name]
    as_secret, as_dotenv, as_profile = (tmp_path / name for name in ("secret", "dotenv", "profile"))
    for root in (as_secret, as_dotenv, as_profile / "home" / ".config" / "kling"):
        root.mkdir(parents=True)
    make(as_secret / "key")
    make(as_dotenv / ".env")
    make(as_profile / "home" / ".config" / "kling" / ".credentials")
    by_name = {"KLING_ACCESS_KEY": "0" * 32, "KLING_SECRET_KEY_FILE": str(as_secret / "key")}
    assert found(as_secret, "", by_name) == outcomes[0]
    assert found(as_dotenv, "", {}) == outcomes[1]
    assert found(as_profile, "", {}) == outcomes[2]
    TALLIES["abuse"]["sources"] += 3


UNPRIVILEGED = """
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""
NO_DESCRIPTORS = """
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1,) * 2)
"""
NO_ROOM = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
"""
KEYS = b"KLING_ACCESS_KEY=0123456789abcdef0123456789abcdef\nKLING_SECRET_KEY=" + b"fedcba98" * 4


@pytest.fixture
def shared_directory(tmp_path):
    """A directory that other users can access."""
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_uid == os.getuid() and path != path.parent and "pytest" in path.name:
            path.chmod(0o755)
    return tmp_path


def test_a_file_without_permission(shared_directory):
    of(KEYS)(shared_directory / ".env")
    (shared_directory / ".env").chmod(0)
    assert found(shared_directory, UNPRIVILEGED, {}) == NO_FILE
    TALLIES["abuse"]["sources"] += 1


def test_a_home_without_permission(shared_directory):
    kling = shared_directory / "home" / ".config" / "kling"
    kling.mkdir(parents=True)
    of(KEYS)(kling / ".credentials")
    (shared_directory / "home").chmod(0)
    try:
        assert found(shared_directory, UNPRIVILEGED, {}) == NO_FILE
    finally:
        (shared_directory / "home").chmod(0o700)
    TALLIES["abuse"]["sources"] += 1


def test_a_home_that_is_not_a_directory(tmp_path):
    for home in ("/dev/null", "/proc/self/mem", "relative", "", "/" + "x" * 5000, "\udcff"):
        outcome = found(tmp_path, "", {"HOME": home})
        assert outcome in (MISSING, NO_FILE), home
        TALLIES["abuse"]["sources"] += 1


def test_a_deleted_working_directory(tmp_path):
    setup = "os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')"
    assert found(tmp_path, setup, {}) == MISSING
    TALLIES["abuse"]["sources"] += 1


def test_too_many_open_files(tmp_path):
    of(KEYS)(tmp_path / ".env")
    assert found(tmp_path, NO_DESCRIPTORS, {}) == NO_FILE
    TALLIES["abuse"]["sources"] += 1


def test_a_full_disk(tmp_path):
    """Credentials are found on a full disk: nothing is written."""
    of(KEYS)(tmp_path / ".env")
    setup = NO_ROOM + "KlingAuth().rotate()"
    assert found(tmp_path, setup, {}).startswith("KlingAuth(access_key='0123…cdef'")
    TALLIES["abuse"]["sources"] += 1
