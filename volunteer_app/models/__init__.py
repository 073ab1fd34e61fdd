"""What is stored. Importing this package registers every table."""

from __future__ import annotations

from .application import Application, ConsentGiven, Draft, NameToken, Sighting
from .appointment import Appointment
from .attachment import Attachment
from .records import ApplicationCount, AuditEvent, Decision, KeyCheck, Message
from .recruitment import Association, Recruitment
from .staff import Staff
from .unit import Nominee, NomineeSheet, Recommendation

__all__ = [
    "Application",
    "ApplicationCount",
    "Appointment",
    "Association",
    "Attachment",
    "AuditEvent",
    "ConsentGiven",
    "Decision",
    "Draft",
    "KeyCheck",
    "Message",
    "NameToken",
    "Nominee",
    "NomineeSheet",
    "Recommendation",
    "Recruitment",
    "Sighting",
    "Staff",
]
