"""The tests of each service's own code run in a process of their own: two Django projects cannot share one."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# In CI the same examples each time, so that a run says something of the change; elsewhere new ones, so that they go on finding.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

ALONE = {Path(__file__).parent / service for service in ("counter", "registry")}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves a service's folder out unless the command line names it or something in it."""
    if collection_path not in ALONE:
        return None
    asked = [Path(config.invocation_params.dir, argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path == collection_path or collection_path in path.parents for path in asked) else True
