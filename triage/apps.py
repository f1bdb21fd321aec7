"""The public side as a Django app. Nothing happens here but naming it and its checks."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "triage"
    label = "triage"

    def ready(self) -> None:
        """Registers the system checks."""
        from triage import checks  # noqa: F401  (the import is what registers them)
