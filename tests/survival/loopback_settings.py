"""The site's own settings, but that webhooks may call loopback, where a test receives them."""

from triage.config.settings import *  # noqa: F403

WEBHOOK_PRIVATE_ADDRESSES = True
# And that the demonstration sends real mail, to a server on loopback.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_USE_TLS = False
