"""The Python of the READMEs runs as it stands."""

import re

import pytest
from conftest import ROOT


@pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")
@pytest.mark.parametrize("path", ["README.md", "python/README.md"])
def test_python_blocks(path):
    blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / path).read_text("utf-8"), re.M | re.S)
    assert blocks
    for block in blocks:
        names = {}
        exec(block, names)  # noqa: S102
        assert names["auth"].headers["Authorization"].startswith("Bearer eyJ")
