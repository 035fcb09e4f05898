"""The example of docs/embedders.md works as it stands there, and its table of options is the adapter's."""

import inspect
import json
import re
from typing import Any

import numpy as np

from dedupe.embedding import Embedder, OnnxEmbedder, checked
from script.supervisor.places import ROOT
from tests.pictures import flat, landscape

PAGE = (ROOT / "docs/embedders.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^ *```{language}\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_example_is_an_embedder() -> None:
    names: dict[str, Any] = {}
    exec(blocks("python")[0], names)
    made: Embedder = names["Stripes"]()
    one, twin, other = (
        checked(made, made.embed(np.asarray(picture)))
        for picture in (landscape(1), landscape(1).resize((300, 200)), landscape(2))
    )
    assert made.distance(one, twin) <= made.ask_distance < made.distance(one, other)
    assert made.embed(np.asarray(flat())) is None


def test_the_options_of_the_example_are_those_of_the_adapter() -> None:
    (entry,) = json.loads(blocks("json")[0])
    inspect.signature(OnnxEmbedder).bind(**entry["options"])


def test_every_option_of_the_adapter_is_told() -> None:
    table = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
    assert [name for name in inspect.signature(OnnxEmbedder).parameters if f"`{name}`" not in table] == []
