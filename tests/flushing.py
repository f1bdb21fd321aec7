"""Lets the tests that really commit clean up after themselves.

The database refuses to delete the record (outage/migrations/0002). Between tests it must go all
the same: its triggers are taken off for the moment of the flush and put back.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

DatabaseOperations = DatabaseWrapper.ops_class
_flush = DatabaseOperations.execute_sql_flush


def _flush_with_the_record(self: Any, statements: Any) -> None:
    triggers = import_module("outage.migrations.0002_refuse_changes")
    with connection.cursor() as cursor:
        for statement in triggers.SQLITE_UNDO:
            cursor.execute(statement.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS"))
        _flush(self, statements)
        for statement in triggers.SQLITE:
            cursor.execute(statement)


def allow() -> None:
    """Once, before the first test. PostgreSQL truncates, which its triggers do not see."""
    DatabaseOperations.execute_sql_flush = _flush_with_the_record  # type: ignore[method-assign,assignment]
