"""What is stored. Importing this package registers every table."""

from __future__ import annotations

from .application import Application, ConsentGiven, Draft, NameToken, Sighting
from .appointment import Appointment
from .records import ApplicationCount, AuditEvent, Decision, KeyCheck, Message
from .recruitment import Association, Recruitment
from .staff import Staff

__all__ = [
    "Application",
    "ApplicationCount",
    "Appointment",
    "Association",
    "AuditEvent",
    "ConsentGiven",
    "Decision",
    "Draft",
    "KeyCheck",
    "Message",
    "NameToken",
    "Recruitment",
    "Sighting",
    "Staff",
]
