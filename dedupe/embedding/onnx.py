"""A learned model as an embedder: any ONNX file that turns one picture into one vector, run on the processor.

ONNX Runtime is an extra (``requirements/onnx.in``). The session has one thread, as every worker process runs its
own pictures already; such a session starts no thread of its own, so that one made before a worker forks serves the
children too, which then share the model's memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from .interface import Embedder, EmbedderFailed, EmbedderMisconfigured, Kind, Value, Vector, View

_Choice = TypeVar("_Choice", bound=StrEnum)
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)


class Layout(StrEnum):
    """The order of the axes of the model's input."""

    NCHW = "NCHW"
    NHWC = "NHWC"


class Fit(StrEnum):
    """How a picture of any shape becomes the square that the model wants."""

    STRETCH = "stretch"
    """The whole picture, its sides changed unevenly."""
    CROP = "crop"
    """The square in its middle."""


class OnnxEmbedder(Embedder):
    """The vector that a model gives, compared by the cosine of the angle (0 to 2).

    The model's input ``input_name`` (or its only one) is float32 of one square picture of ``side`` pixels: RGB from
    0 to 1, less ``mean``, divided by ``std``. Its output ``output_name`` (or its first) holds ``size`` numbers.
    The model is asked for a grey picture once when it is loaded, so that what does not fit is known at the start.
    """

    kind = Kind.VECTOR

    def __init__(
        self,
        *,
        path: str,
        name: str,
        version: int,
        size: int,
        ask_distance: float,
        side: int = 224,
        mean: Sequence[float] = _IMAGENET_MEAN,
        std: Sequence[float] = _IMAGENET_STD,
        layout: str = Layout.NCHW,
        fit: str = Fit.STRETCH,
        input_name: str | None = None,
        output_name: str | None = None,
    ) -> None:
        """Raises EmbedderMisconfigured when the options make no sense or the model does not fit them."""
        self.name, self.version, self.size, self.ask_distance = name, version, size, ask_distance
        self._side = _side(side)
        self._mean, self._std = _channels("mean", mean), _channels("std", std)
        if not self._std.all():
            raise EmbedderMisconfigured("std must not hold a zero")
        self._layout, self._fit = _choice("layout", Layout, layout), _choice("fit", Fit, fit)
        self._session = _session(path)
        self._input = input_name or _only_input(self._session)
        self._output = output_name or self._session.get_outputs()[0].name
        self._try()

    def embed(self, rgb: View) -> Value | None:
        """The model's vector of a view. Raises EmbedderFailed when it gives one of another size."""
        return self._run(self._square(rgb))

    def _run(self, square: Vector) -> Vector:
        (output,) = self._session.run([self._output], {self._input: square})
        vector = np.asarray(output, np.float32).ravel()
        if vector.size != self.size:
            raise EmbedderFailed(f"the model gave {vector.size} numbers, and size says {self.size}")
        return vector

    def _square(self, rgb: View) -> Vector:
        """float32 of the shape that the model takes, one picture."""
        picture = Image.fromarray(rgb)
        if self._fit is Fit.CROP:
            picture = picture.crop(_middle_square(picture.width, picture.height))
        small = picture.resize((self._side, self._side), Image.Resampling.BICUBIC)
        pixels = (np.asarray(small, np.float32) / 255 - self._mean) / self._std
        if self._layout is Layout.NCHW:
            pixels = pixels.transpose(2, 0, 1)
        return np.ascontiguousarray(pixels[np.newaxis])

    def _try(self) -> None:
        grey = np.full((self._side, self._side, 3), 128, np.uint8)
        try:
            self._run(self._square(grey))
        except Exception as error:  # the runtime raises classes of its own
            raise EmbedderMisconfigured(f"the model does not take a picture as told: {error}") from error


def _session(path: str) -> Any:
    """An inference session of one thread. Raises EmbedderMisconfigured."""
    try:
        import onnxruntime
    except ImportError as error:
        raise EmbedderMisconfigured(
            "ONNX Runtime is not installed: pip install onnxruntime, or requirements/onnx.txt of this project"
        ) from error
    if not Path(path).is_file():
        raise EmbedderMisconfigured(f"there is no model file {path}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises classes of its own
        raise EmbedderMisconfigured(f"{path} is not a model that ONNX Runtime can load: {error}") from error


def _only_input(session: Any) -> str:
    names = [each.name for each in session.get_inputs()]
    if len(names) != 1:
        raise EmbedderMisconfigured(f"the model has {len(names)} inputs: say which by input_name")
    return str(names[0])


def _side(side: int) -> int:
    if not isinstance(side, int) or not 8 <= side <= 1024:
        raise EmbedderMisconfigured(f"side must be 8 to 1024 pixels, not {side!r}")
    return side


def _channels(option: str, values: Sequence[float]) -> Vector:
    try:
        numbers = np.asarray(values, np.float32)
    except (ValueError, TypeError):
        numbers = np.empty(0, np.float32)
    if numbers.shape != (3,) or not np.isfinite(numbers).all():
        raise EmbedderMisconfigured(f"{option} must be three numbers, for red, green and blue")
    return numbers


def _choice(option: str, choices: type[_Choice], given: str) -> _Choice:
    try:
        return choices(given)
    except ValueError as error:
        raise EmbedderMisconfigured(
            f"{option} must be one of: {', '.join(choices)}; not {given!r}"
        ) from error


def _middle_square(width: int, height: int) -> tuple[int, int, int, int]:
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side
