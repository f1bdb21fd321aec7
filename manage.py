#!/usr/bin/env python
"""Runs the project's commands: `python manage.py help` lists them."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    from triage.seeds import SeedsError

    try:
        execute_from_command_line(sys.argv)
    except SeedsError as error:
        # A fault of the data is a sentence in every command.
        sys.exit(f"{error}")
    except (OperationalError, ProgrammingError) as error:
        sys.exit(f"The database cannot be used: {error}. If it is new, run `manage.py migrate`.")


if __name__ == "__main__":
    main()
