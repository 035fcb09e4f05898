"""Tiny ONNX models, made in the test: the means of the fields of a 4 × 4 grid."""

from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

SIDE = 32
SIZE = 48
"""Numbers of the vector: three colours in sixteen fields."""


def grid_model(path: Path, *, layout: str = "NCHW", pictures: int | str = "n", double: bool = False) -> str:
    """Write a model that averages the fields of a picture of SIDE pixels and gives them as one vector."""
    shape = [pictures, 3, SIDE, SIDE] if layout == "NCHW" else [pictures, SIDE, SIDE, 3]
    field = SIDE // 4
    nodes: list[Any] = []
    pixels = "pixels"
    if layout == "NHWC":
        nodes.append(helper.make_node("Transpose", ["pixels"], ["turned"], perm=[0, 3, 1, 2]))
        pixels = "turned"
    nodes += [
        helper.make_node("AveragePool", [pixels], ["fields"], kernel_shape=[field] * 2, strides=[field] * 2),
        helper.make_node("Flatten", ["fields"], ["vector"], axis=1),
    ]
    inputs = [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)]
    if double:
        inputs.append(helper.make_tensor_value_info("other", TensorProto.FLOAT, shape))
    outputs = [
        helper.make_tensor_value_info("vector", TensorProto.FLOAT, [pictures, SIZE]),
        helper.make_tensor_value_info("fields", TensorProto.FLOAT, [pictures, 3, 4, 4]),
    ]
    graph = helper.make_graph(nodes, "grid", inputs, outputs)
    # An old format and operator set, so that any runtime of these years reads it.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(path))
    return str(path)
