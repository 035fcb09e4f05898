"""Every write goes through the functions named here: one transaction each, conditional, pictures locked by id."""

from dedupe.errors import Conflict, NotAllowed, TooLate, TooMany, WorkflowError
from dedupe.workflow.analysis import analyse_picture
from dedupe.workflow.answers import answer, answer_all, withdraw
from dedupe.workflow.claims import claim_case, release_case
from dedupe.workflow.cluster_decisions import decide_cluster
from dedupe.workflow.clusters import Cluster, cluster_of, sizes_of
from dedupe.workflow.deliveries import announce_upload, complete_upload, submit_address
from dedupe.workflow.hubs import block_from_matching, let_match_again
from dedupe.workflow.receiving import receive_picture
from dedupe.workflow.reports import report_picture
from dedupe.workflow.resolutions import Resolution
from dedupe.workflow.review import close_case, resolve_case
from dedupe.workflow.ruling import Ruling
from dedupe.workflow.splitting import mergers_of, split_off
from dedupe.workflow.submission import submit_picture
from dedupe.workflow.undo import undo_act, undo_decision

__all__ = [
    "Cluster",
    "Conflict",
    "NotAllowed",
    "Resolution",
    "Ruling",
    "TooLate",
    "TooMany",
    "WorkflowError",
    "analyse_picture",
    "announce_upload",
    "answer",
    "answer_all",
    "block_from_matching",
    "claim_case",
    "close_case",
    "cluster_of",
    "complete_upload",
    "decide_cluster",
    "let_match_again",
    "mergers_of",
    "receive_picture",
    "release_case",
    "report_picture",
    "resolve_case",
    "sizes_of",
    "split_off",
    "submit_address",
    "submit_picture",
    "undo_act",
    "undo_decision",
    "withdraw",
]
