"""The science of pictures: bytes and arrays in, values out. Imports no Django and does no I/O.

A file is sniffed and its header checked against limits (``sniffing``, ``containers``), decoded
(``decoding``, ``damage``, ``orientation``, ``colour``), reduced (``miniature``) and measured
(``hashing``, ``detail``, ``fingerprints``, ``pixels``), as a whole and under the ``treatments``
that it calls for (``trimming``, ``frames``). Its local ``features`` become visual ``words``, by which
crops are found, and ``voting`` ranks what shares them.

Two pictures are compared (``verification``) by laying one over the other (``registration``,
``placement``, ``alignment``) and measuring what remains different (``differences``, ``beyond``); how
far that is to be believed (``belief``) decides who is asked, and the relation is named (``relations``).
People are shown where they differ (``heatmap``) and which part of which is which (``geometry``).
"""

from .analysis import Analysis, analyse, fingerprint
from .beyond import Beyond
from .boxes import WHOLE, Box
from .comparison import Distances, Oriented, compare, least_distances, orientations
from .detail import LOW_DETAIL
from .differences import Differences
from .fingerprints import ALGORITHM_VERSION, Fingerprint, Treatment
from .formats import Format
from .geometry import CommonPart, Geometry, common_part, geometry_from_json
from .heatmap import heat_map
from .limits import Limits
from .refusals import Refusal, Refused
from .relations import ASK_PROBABILITY, STEADY, Relation, relation_of, turn_of
from .renditions import Rendition, RenditionKind
from .sniffing import sniff
from .verification import Comparison, Method, View, verify
from .views import FiledView, ViewFile, ViewWords, open_view, with_features, words_of
from .wire import from_json, to_json

__all__ = [
    "ALGORITHM_VERSION",
    "ASK_PROBABILITY",
    "LOW_DETAIL",
    "STEADY",
    "WHOLE",
    "Analysis",
    "Beyond",
    "Box",
    "CommonPart",
    "Comparison",
    "Differences",
    "Distances",
    "FiledView",
    "Fingerprint",
    "Format",
    "Geometry",
    "Limits",
    "Method",
    "Oriented",
    "Refusal",
    "Refused",
    "Relation",
    "Rendition",
    "RenditionKind",
    "Treatment",
    "View",
    "ViewFile",
    "ViewWords",
    "analyse",
    "common_part",
    "compare",
    "fingerprint",
    "from_json",
    "geometry_from_json",
    "heat_map",
    "least_distances",
    "open_view",
    "orientations",
    "relation_of",
    "sniff",
    "to_json",
    "turn_of",
    "verify",
    "with_features",
    "words_of",
]
