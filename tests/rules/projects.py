"""Looks into each Django project in a process of its own: two cannot share one. Nothing connects to a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ("counter", "registry")
_SETTINGS = {
    "SECRET_KEY": "rules",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "SCEAU_INSECURE_HTTP": "1",
}


def ask(project: str, probe: str, *arguments: str) -> Any:
    """Runs `probe` (Python that ends with `tell(…)`) in a project; gives what it told. What it wrote to stderr is shown."""
    service = {"DJANGO_SETTINGS_MODULE": f"sceau.{project}.config.settings"}
    code = f"import django, json, sys\ndjango.setup()\ntell = lambda told: json.dump(told, sys.stdout)\n{probe}"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | _SETTINGS | service,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
