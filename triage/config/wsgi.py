"""The WSGI callable. Works under gunicorn and granian alike."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
application = get_wsgi_application()
