"""The local web site of tests/site, loaded by path: Python has a module `site` of its own."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def _load() -> ModuleType:
    path = Path(__file__).parents[1] / "site" / "site.py"
    spec = importlib.util.spec_from_file_location("copydesk_test_site", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


site = _load()
