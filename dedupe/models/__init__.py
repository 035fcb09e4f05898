"""The tables, one module a subject."""

from dedupe.models.cases import MACHINE_KINDS, Case, CaseKind, CaseState
from dedupe.models.decisions import Decision, DecisionKind, LedgerEntry, OnDrift, Role, Verdict
from dedupe.models.deliveries import Delivery
from dedupe.models.embeddings import Embedding
from dedupe.models.fingerprints import Fingerprint
from dedupe.models.matches import Match
from dedupe.models.orders import RenditionOrder
from dedupe.models.pictures import CheckOutcome, Picture, Rendition, State
from dedupe.models.powers import Power
from dedupe.models.upkeep import Upkeep, UpkeepKind
from dedupe.models.walks import PendingSearch, Stretch, Walk, WalkKind, WalkState
from dedupe.models.words import NewPosting, Posting, VisualWords

__all__ = [
    "MACHINE_KINDS",
    "Case",
    "CaseKind",
    "CaseState",
    "CheckOutcome",
    "Decision",
    "DecisionKind",
    "Delivery",
    "Embedding",
    "Fingerprint",
    "LedgerEntry",
    "Match",
    "NewPosting",
    "OnDrift",
    "PendingSearch",
    "Picture",
    "Posting",
    "Power",
    "Rendition",
    "RenditionOrder",
    "Role",
    "State",
    "Stretch",
    "Upkeep",
    "UpkeepKind",
    "Verdict",
    "VisualWords",
    "Walk",
    "WalkKind",
    "WalkState",
]
