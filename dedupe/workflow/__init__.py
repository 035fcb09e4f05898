"""Every write goes through the functions named here: one transaction each, conditional, pictures locked by id."""

from dedupe.errors import Conflict, NotAllowed, TooLate, WorkflowError
from dedupe.workflow.analysis import analyse_picture
from dedupe.workflow.answers import answer, answer_all, withdraw
from dedupe.workflow.claims import claim_case, release_case
from dedupe.workflow.hubs import block_from_matching, let_match_again
from dedupe.workflow.reports import report_picture
from dedupe.workflow.resolutions import Resolution
from dedupe.workflow.review import close_case, resolve_case
from dedupe.workflow.submission import submit_picture
from dedupe.workflow.undo import undo_decision

__all__ = [
    "Conflict",
    "NotAllowed",
    "Resolution",
    "TooLate",
    "WorkflowError",
    "analyse_picture",
    "answer",
    "answer_all",
    "block_from_matching",
    "claim_case",
    "close_case",
    "let_match_again",
    "release_case",
    "report_picture",
    "resolve_case",
    "submit_picture",
    "undo_decision",
    "withdraw",
]
