"""The Python blocks of the READMEs run in order against the gate."""

import re

import pytest
from conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")


@pytest.mark.parametrize("path", ["README.md", "python/README.md"])
def test_python_blocks(path, gate, monkeypatch):
    monkeypatch.setenv("KLING_API_BASE", gate.url)
    monkeypatch.setenv("KLING_ACCESS_KEY", gate.access_key)
    monkeypatch.setenv("KLING_SECRET_KEY", gate.secret_key)
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / path).read_text("utf-8"), re.M | re.S)
    assert blocks
    names = {}
    for block in blocks:
        exec(block, names)  # noqa: S102
        assert names["auth"].headers["Authorization"].startswith("Bearer eyJ")
    if "tasks" in names:
        assert names["tasks"]["code"] == names["task"]["code"] == 0


def test_the_output_in_the_readme(gate, monkeypatch, capsys):
    test_python_blocks("python/README.md", gate, monkeypatch)
    printed = capsys.readouterr().out.splitlines()
    text = (ROOT / "python" / "README.md").read_text("utf-8")
    promised = re.findall(r"^ *print\(.*\)  # (.*)$", text, re.M)
    assert len(promised) == len(printed)
    for line, start in zip(printed, promised):
        assert line.startswith(start.rstrip("… "))
