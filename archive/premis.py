"""Our kinds of event in the words of PREMIS 3, so that other archives can read our log. One table;
a kind without a row has no such word."""

from __future__ import annotations

#: Kind → PREMIS event type (id.loc.gov/vocabulary/preservation/eventType).
PREMIS = {
    "capture-sealed": "ingestion",
    "capture-tail-kept": "quarantine",
    "closed-exported": "dissemination",
    "correction-undone": "metadata modification",
    "date-changed": "metadata modification",
    "entry-corrected": "metadata modification",
    "entry-new": "capture",
    "entry-reread": "metadata modification",
    "entry-revised": "capture",
    # No word for a take-down whose bytes stay: what changes is who may see them.
    "entry-withdrawn": "policy assignment",
    "notice-changed": "metadata modification",
    "title-changed": "metadata modification",
    "withdrawal-undone": "policy assignment",
}


def premis_of(kind: str) -> str | None:
    """The PREMIS event type of a kind; None where none fits."""
    return PREMIS.get(kind)
