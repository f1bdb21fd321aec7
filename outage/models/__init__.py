"""What is stored: who may speak, what they said, whom it was told, and the record of it.

Rows only. Nothing but outage/workflow writes incidents, proposals and events; nothing outside this
package sees a row (bulletin.py gives values).
"""

from outage.models.incidents import (
    Addition,
    HandOver,
    Incident,
    IncidentReview,
    Proposal,
    Stage,
    StatementTemplate,
    TypedForm,
)
from outage.models.messages import (
    ContactChoice,
    OutboxMessage,
    Phone,
    Subscription,
    ToldStep,
    Webhook,
)
from outage.models.record import (
    BulletinVersion,
    Event,
    RulebookCopy,
    SignInCounter,
)
from outage.models.signals import (
    SignalAlarm,
    SignalCount,
    SignalDay,
    SignalMute,
)
from outage.models.staff import (
    ApiAnswer,
    ApiKey,
    Invitation,
    LocalNumber,
    Operator,
    Organisation,
    OrganisationKind,
    Role,
)

__all__ = [
    "Addition",
    "ApiAnswer",
    "ApiKey",
    "BulletinVersion",
    "ContactChoice",
    "Event",
    "HandOver",
    "Incident",
    "IncidentReview",
    "Invitation",
    "LocalNumber",
    "Operator",
    "Organisation",
    "OrganisationKind",
    "OutboxMessage",
    "Phone",
    "Proposal",
    "Role",
    "RulebookCopy",
    "SignInCounter",
    "SignalAlarm",
    "SignalCount",
    "SignalDay",
    "SignalMute",
    "Stage",
    "StatementTemplate",
    "Subscription",
    "ToldStep",
    "TypedForm",
    "Webhook",
]
