"""The WSGI callable, for gunicorn and granian alike: what must hold at the start, then the site.

No database is needed to start: the watcher serves the last good bulletin until it reaches one.
"""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from triage.config import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "triage.config.settings")
if not settings.SECRET_KEY:
    raise ImproperlyConfigured(settings.WITHOUT_KEY)
_django = get_wsgi_application()

# These need the applications to be loaded.
from outage import bulletin  # noqa: E402
from outage.signals import handing_over  # noqa: E402
from triage import checks  # noqa: E402
from triage.web.ops import start_checks  # noqa: E402
from triage.web.ops.startup import in_front_of  # noqa: E402
from triage.web.ops.tap_door import TapDoor  # noqa: E402

checks.refuse_on_problems(start_checks.find_problems)
application = TapDoor(in_front_of(_django))
# In the process that serves: both servers load this file in each worker, after the fork.
bulletin.watch()
handing_over.start()
