"""How gunicorn runs the staff panel: in a process of its own, so that nothing staff do can cost a
reader of the public pages a moment. All else as gunicorn.py says.

STAFF_PORT  default 8001, on loopback
STAFF_BIND  an address of its own instead, as host:port or unix:path
"""

from __future__ import annotations

import os

from triage.config.gunicorn import *  # noqa: F403  (a configuration is what stands in its file)

bind = os.environ.get("STAFF_BIND") or f"127.0.0.1:{os.environ.get('STAFF_PORT', '8001')}"
# A change is one short transaction, and previews take turns (outage/panel/preview_slots.py): one
# process serves a whole control room. Its bulletin and stories are held once, not once a core.
workers = 1
# Its threads mostly wait for the database, which has one connection for each (settings.py).
threads = 8
# Who presses a button while it restarts is answered first, however long that takes.
graceful_timeout = 30
