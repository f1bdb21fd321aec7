"""The public side as a Django app. Nothing happens here but naming it and its checks."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "triage"
    label = "triage"
