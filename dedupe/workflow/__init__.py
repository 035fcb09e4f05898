"""Every write goes through the functions named here: one transaction each, conditional, pictures locked by id."""

from dedupe.errors import Conflict, NotAllowed, TooLate, WorkflowError
from dedupe.workflow.analysis import analyse_picture
from dedupe.workflow.answers import answer, withdraw
from dedupe.workflow.hubs import block_from_matching, let_match_again
from dedupe.workflow.review import claim_case, close_case, report_picture
from dedupe.workflow.submission import submit_picture
from dedupe.workflow.undo import undo_decision

__all__ = [
    "Conflict",
    "NotAllowed",
    "TooLate",
    "WorkflowError",
    "analyse_picture",
    "answer",
    "block_from_matching",
    "claim_case",
    "close_case",
    "let_match_again",
    "report_picture",
    "submit_picture",
    "undo_decision",
    "withdraw",
]
