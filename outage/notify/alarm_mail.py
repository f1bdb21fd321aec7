"""Tells every operator, by mail, that one of them published alone in an emergency.

The board tells them too. Mail that cannot be sent is logged and stops nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage

from outage.models import Operator

UK = ZoneInfo("Europe/London")
log = logging.getLogger("which_number.alarm")


def tell_everyone(slug: str, title: str, who: str, reason: str, until: datetime) -> int:
    """Send the alarm, each address hidden from the others. Gives the number of addresses."""
    found = Operator.objects.filter(user__is_active=True, organisation__active=True)
    addresses = list(found.exclude(user__email="").values_list("user__email", flat=True))
    message = EmailMessage(
        subject=f"Published by one person: {title}",
        body=(
            f"{title}\n"
            f"{who} published this without a second person.\n"
            f"Why: {reason}\n\n"
            f"Unless somebody else confirms it by {until.astimezone(UK):%H:%M} UK time, "
            'it falls back to "try the usual first, then the alternative".\n'
            "Confirm it, change it or stand it down on the board of the staff panel.\n"
            f"{settings.ORIGIN}/staff/\n"
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        bcc=addresses,
    )
    try:
        if addresses:
            message.send()
    except (OSError, SMTPException) as error:
        log.error("the mail about %s could not be sent: %s", slug, error)
    return len(addresses)
