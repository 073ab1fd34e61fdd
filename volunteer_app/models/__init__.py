"""What is stored. Importing this package registers every table."""

from __future__ import annotations

from .application import Application, ConsentGiven, Draft, NameToken, Sighting
from .appointment import Appointment, Certificate, CertificateCounter, Ending
from .attachment import Attachment
from .message import Message, Wording
from .records import ApplicationCount, AuditEvent, Decision, JobRun, KeyCheck
from .recruitment import Association, Recruitment
from .requests import PrivateLink, RenewalWish, SubjectRequest
from .staff import Staff
from .unit import Nominee, NomineeSheet, Recommendation

__all__ = [
    "Application",
    "ApplicationCount",
    "Appointment",
    "Association",
    "Attachment",
    "AuditEvent",
    "Certificate",
    "CertificateCounter",
    "ConsentGiven",
    "Decision",
    "Draft",
    "Ending",
    "JobRun",
    "KeyCheck",
    "Message",
    "NameToken",
    "Nominee",
    "NomineeSheet",
    "PrivateLink",
    "Recommendation",
    "Recruitment",
    "RenewalWish",
    "Sighting",
    "Staff",
    "SubjectRequest",
    "Wording",
]
