"""Who acts, with which rights, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outage.models import Operator
from outage.statements import rights
from outage.statements.errors import RefusedError


@dataclass(frozen=True)
class Actor:
    """An operator at one moment."""

    operator: Operator
    at: datetime

    @property
    def name(self) -> str:
        return self.operator.user.get_username()

    @property
    def rights(self) -> rights.Rights:
        """Raises RefusedError for a closed account."""
        found = rights.of(self.operator)
        if found is None:
            raise RefusedError("This account is closed.")
        return found
