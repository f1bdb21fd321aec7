"""What operators do, as a Django app."""

from django.apps import AppConfig


class OutageConfig(AppConfig):
    name = "outage"
    label = "outage"
    default_auto_field = "django.db.models.BigAutoField"
