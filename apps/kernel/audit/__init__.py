"""
The audit trail: triggers record what changes, also by ``QuerySet.update`` and plain SQL; digests in a chain seal it.

``AuditTrigger`` goes into ``Meta.triggers``; ``acting`` says who acts; ``seal`` and ``verify`` keep and prove it.
"""

from apps.kernel.audit.actor import acting
from apps.kernel.audit.sealing import Problem, seal, verify
from apps.kernel.audit.triggers import AppendOnlyTrigger, AuditTrigger

__all__ = ["AppendOnlyTrigger", "AuditTrigger", "Problem", "acting", "seal", "verify"]
