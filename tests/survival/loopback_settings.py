"""The site's own settings, but that webhooks may call loopback, where a test receives them."""

from triage.config.settings import *  # noqa: F403

WEBHOOK_PRIVATE_ADDRESSES = True
