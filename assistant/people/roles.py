"""The roles of the people at an outlet."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is there for; each person has one."""

    TELLER = "teller"
    SUPERVISOR = "supervisor"
    OUTLET_MANAGER = "outlet_manager"
    COMPLIANCE_OFFICER = "compliance_officer"
    AUDITOR = "auditor"
    """Reads and never writes."""
