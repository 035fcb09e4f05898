"""Further measures of likeness behind one interface: from a picture's view to bits or a vector, and a distance.

An embedder (``interface``) is made from the settings (``registry``), its values are stored as bytes (``encoding``)
and found by a sketch of 64 bits (``sketch``). Two come with the app: ``colour_layout``, the worked example, and
``onnx``, which runs a learned model. docs/embedders.md shows how to write one. Imports no Django; the only file
that is ever read is a model.
"""

from .colour_layout import ColourLayout
from .encoding import checked, decode, encode
from .interface import Embedder, EmbedderFailed, EmbedderMisconfigured, Kind, Value, Vector, View
from .onnx import OnnxEmbedder
from .registry import EmbedderSpec, make_embedder
from .sketch import CHUNKS, Sketch, sketch
from .views import read_view

__all__ = [
    "CHUNKS",
    "ColourLayout",
    "Embedder",
    "EmbedderFailed",
    "EmbedderMisconfigured",
    "EmbedderSpec",
    "Kind",
    "OnnxEmbedder",
    "Sketch",
    "Value",
    "Vector",
    "View",
    "checked",
    "decode",
    "encode",
    "make_embedder",
    "read_view",
    "sketch",
]
