"""The database itself refuses to change or delete the record, or to make an exercise real."""

from typing import Any, ClassVar

from django.db import migrations

SQLITE = (
    """
    CREATE TRIGGER record_no_update BEFORE UPDATE ON outage_event
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER record_no_delete BEFORE DELETE ON outage_event
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END
    """,
    """
    CREATE TRIGGER exercise_stays BEFORE UPDATE OF exercise ON outage_incident
    WHEN OLD.exercise <> NEW.exercise
    BEGIN SELECT RAISE(ABORT, 'an exercise stays an exercise'); END
    """,
)
POSTGRES = (
    """
    CREATE FUNCTION record_refuse() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'the record is append-only'; END $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER record_no_change BEFORE UPDATE OR DELETE ON outage_event
    FOR EACH ROW EXECUTE FUNCTION record_refuse()
    """,
    """
    CREATE FUNCTION exercise_refuse() RETURNS trigger AS $$
    BEGIN RAISE EXCEPTION 'an exercise stays an exercise'; END $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER exercise_stays BEFORE UPDATE ON outage_incident
    FOR EACH ROW WHEN (OLD.exercise IS DISTINCT FROM NEW.exercise)
    EXECUTE FUNCTION exercise_refuse()
    """,
)
# In SQLite a trigger goes with its table.
POSTGRES_UNDO = (
    "DROP TRIGGER record_no_change ON outage_event",
    "DROP TRIGGER exercise_stays ON outage_incident",
    "DROP FUNCTION record_refuse",
    "DROP FUNCTION exercise_refuse",
)
SQLITE_UNDO = (
    "DROP TRIGGER record_no_update",
    "DROP TRIGGER record_no_delete",
    "DROP TRIGGER exercise_stays",
)


def _run(editor: Any, sqlite: tuple[str, ...], postgres: tuple[str, ...]) -> None:
    for statement in postgres if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement)


def forwards(apps: object, editor: Any) -> None:
    _run(editor, SQLITE, POSTGRES)


def backwards(apps: object, editor: Any) -> None:
    _run(editor, SQLITE_UNDO, POSTGRES_UNDO)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[Any]] = [("outage", "0001_initial")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(forwards, backwards)]
