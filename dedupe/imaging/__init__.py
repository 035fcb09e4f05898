"""The science of pictures: bytes and arrays in, values out. Imports no Django and does no I/O.

A file is sniffed and its header checked against limits (``sniffing``, ``containers``), decoded
(``decoding``, ``damage``, ``orientation``, ``colour``), reduced (``miniature``) and measured
(``hashing``, ``detail``, ``fingerprints``, ``pixels``); two fingerprints are compared
(``comparison``) and their relation is named (``relations``). Parts of pictures are found by local ``features``, the
``words`` they become, and ``voting``.
"""

from .analysis import Analysis, analyse, fingerprint
from .comparison import Distances, compare
from .detail import LOW_DETAIL
from .fingerprints import ALGORITHM_VERSION, Fingerprint, Treatment
from .formats import Format
from .limits import Limits
from .refusals import Refusal, Refused
from .relations import ASK_DISTANCE, ASK_PROBABILITY, Relation, classify, probability
from .renditions import Rendition, RenditionKind
from .sniffing import sniff
from .wire import from_json, to_json

__all__ = [
    "ALGORITHM_VERSION",
    "ASK_DISTANCE",
    "ASK_PROBABILITY",
    "LOW_DETAIL",
    "Analysis",
    "Distances",
    "Fingerprint",
    "Format",
    "Limits",
    "Refusal",
    "Refused",
    "Relation",
    "Rendition",
    "RenditionKind",
    "Treatment",
    "analyse",
    "classify",
    "compare",
    "fingerprint",
    "from_json",
    "probability",
    "sniff",
    "to_json",
]
