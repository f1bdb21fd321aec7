"""The WSGI callable, for gunicorn and granian alike: what must hold at the start, then the site.

No database is needed to start: the watcher serves the last good bulletin until it reaches one.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
_django = get_wsgi_application()

from triage.web.serving import in_front_of  # noqa: E402  (needs the applications to be loaded)

application = in_front_of(_django)
