"""make bench: every peer side by side in one run, interleaved, as ratios with their spread.

Servers on one core, the client on another. The figures of a shared or small machine say little;
its ratios say much. Bounded: about three minutes. Rates over the network need wrk.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="which-number-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ.update(
            WHICH_NUMBER_DEMO="1",
            WHICH_NUMBER_DATA=f"{folder}/data",
            WHICH_NUMBER_POSTS_A_MINUTE="1000000000",
            DJANGO_SETTINGS_MODULE="triage.config.settings",
        )
        import django

        django.setup()
        from tests.bench import advise, growth, network, within

        within.run()
        advise.run()
        growth.run()
        network.run(Path(folder))


if __name__ == "__main__":
    main()
