"""A learned model as an embedder, by a tiny model that is made here."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dedupe.embedding import EmbedderMisconfigured, OnnxEmbedder, Vector
from tests.dedupe.embedding.models import SIDE, SIZE, grid_model
from tests.pictures import landscape

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


def embedder(path: str, **options: Any) -> OnnxEmbedder:
    told: dict[str, Any] = {
        "name": "grid",
        "version": 1,
        "size": SIZE,
        "ask_distance": 0.05,
        "side": SIDE,
    } | options
    return OnnxEmbedder(path=path, **told)


@pytest.fixture
def model(tmp_path: Path) -> str:
    return grid_model(tmp_path / "grid.onnx")


def quarters(side: int = 64) -> Image.Image:
    """Red, green, blue and white, a quarter each."""
    picture = Image.new("RGB", (2, 2))
    for place, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]):
        picture.putpixel((place % 2, place // 2), colour)
    return picture.resize((side, side), Image.Resampling.NEAREST)


def value_of(made: OnnxEmbedder, picture: Image.Image) -> Vector:
    value = made.embed(np.asarray(picture))
    assert isinstance(value, np.ndarray)
    return value


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_the_model_sees_red_green_and_blue_from_nought_to_one_where_they_are(
    tmp_path: Path, layout: str
) -> None:
    path = grid_model(tmp_path / "grid.onnx", layout=layout)
    fields = value_of(embedder(path, layout=layout, **PLAIN), quarters()).reshape(3, 4, 4)
    corners = fields[:, [0, 0, 3, 3], [0, 3, 0, 3]]
    np.testing.assert_allclose(corners, [[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1]], atol=0.02)


def test_mean_and_deviation_are_taken_off_each_colour(model: str) -> None:
    white = Image.new("RGB", (50, 50), "white")
    fields = value_of(embedder(model, mean=(0.5, 0.4, 0.0), std=(0.5, 0.1, 1.0)), white).reshape(3, 16)
    np.testing.assert_allclose(fields.mean(axis=1), [1.0, 6.0, 1.0], atol=1e-4)


def test_a_picture_is_stretched_or_its_middle_is_cut_out(model: str) -> None:
    wide = Image.new("RGB", (120, 40), "black")
    wide.paste("white", (40, 0, 80, 40))
    assert value_of(embedder(model, fit="crop", **PLAIN), wide).min() > 0.99
    assert value_of(embedder(model, fit="stretch", **PLAIN), wide).min() < 0.01


def test_a_model_for_one_picture_only_and_an_output_by_name_serve_as_well(tmp_path: Path) -> None:
    path = grid_model(tmp_path / "one.onnx", pictures=1)
    by_name = embedder(path, input_name="pixels", output_name="fields")
    np.testing.assert_array_equal(value_of(by_name, quarters()), value_of(embedder(path), quarters()))


def test_a_twin_is_near_and_another_picture_far(model: str) -> None:
    made = embedder(model)
    twin, other = landscape(1).resize((300, 200)), landscape(2)
    there = value_of(made, landscape(1))
    assert made.distance(there, value_of(made, twin)) < made.ask_distance
    assert made.distance(there, value_of(made, other)) > made.ask_distance


def test_a_model_that_was_loaded_before_a_fork_serves_the_child(model: str) -> None:
    made = embedder(model)
    expected = value_of(made, quarters())
    child = os.fork()
    if child == 0:
        os._exit(0 if np.array_equal(value_of(made, quarters()), expected) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"size": 47}, "gave 48 numbers, and size says 47"),
        ({"side": 64}, "does not take a picture as told"),
        ({"layout": "NHWC"}, "does not take a picture as told"),
        ({"output_name": "nothing"}, "nothing"),
        ({"layout": "CHW"}, "layout must be one of: NCHW, NHWC"),
        ({"fit": "squeeze"}, "fit must be one of: stretch, crop"),
        ({"mean": (0.5, 0.5)}, "mean must be three numbers"),
        ({"mean": ("red", "green", "blue")}, "mean must be three numbers"),
        ({"std": (0.0, 1.0, 1.0)}, "std must not hold a zero"),
        ({"side": 4}, "side must be 8 to 1024"),
    ],
)
def test_options_that_do_not_fit_the_model_are_refused_at_once(
    model: str, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(EmbedderMisconfigured, match=told):
        embedder(model, **options)


def test_an_input_must_be_named_when_there_are_two(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMisconfigured, match="2 inputs: say which by input_name"):
        embedder(grid_model(tmp_path / "two.onnx", double=True))


def test_a_file_that_is_missing_or_no_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMisconfigured, match="there is no model file"):
        embedder(str(tmp_path / "absent.onnx"))
    (tmp_path / "poem.onnx").write_text("roses are red")
    with pytest.raises(EmbedderMisconfigured, match=r"poem\.onnx is not a model"):
        embedder(str(tmp_path / "poem.onnx"))


def test_without_the_runtime_the_rest_works_and_the_lack_is_told(tmp_path: Path) -> None:
    program = f"""
import sys
sys.modules["onnxruntime"] = None
from dedupe.embedding import ColourLayout, EmbedderMisconfigured, OnnxEmbedder
ColourLayout()
try:
    OnnxEmbedder(path={str(tmp_path)!r}, name="x", version=1, size=2, ask_distance=1)
except EmbedderMisconfigured as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install onnxruntime" in ran.stdout
