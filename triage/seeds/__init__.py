"""The only reader of seeds/: TOML files -> one Rulebook, or every fault at once.

schema.py says what a file may hold, references.py checks that what is referred to exists, build.py
makes the engine's values. There is no rulebook while there is a fault.
"""

from triage.seeds.build import read
from triage.seeds.problems import SeedsError

__all__ = ["SeedsError", "read"]
