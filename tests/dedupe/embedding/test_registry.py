"""From the settings to an embedder, or to a reason that an operator understands."""

from typing import Any

import pytest

from dedupe.embedding import ColourLayout, EmbedderMisconfigured, EmbedderSpec, Kind, make_embedder

HERE = "tests.dedupe.embedding.embedders"


def test_a_class_and_its_options_become_an_embedder() -> None:
    made = make_embedder(EmbedderSpec("dedupe.embedding.ColourLayout", {"ask_distance": 0.2}))
    assert isinstance(made, ColourLayout)
    assert made.ask_distance == 0.2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("dedupe.embedding.ColorLayout", "no such class"),
        ("no.such.module.Embedder", "no such class"),
        ("ColourLayout", "no such class"),
        ("", "no such class"),
        (f"{HERE}.NotAnEmbedder", "must inherit from dedupe.embedding.Embedder"),
        (f"{HERE}.np", "must inherit"),
        (f"{HERE}.Nameless", "does not say its name, version, kind, size, ask_distance"),
        (f"{HERE}.Raising", "no licence"),
        ("dedupe.embedding.Embedder", "abstract"),
    ],
)
def test_a_class_that_cannot_serve_is_refused_with_its_path(path: str, told: str) -> None:
    with pytest.raises(EmbedderMisconfigured, match=told) as refused:
        make_embedder(EmbedderSpec(path))
    assert str(refused.value).startswith(path)


def test_an_option_that_does_not_exist_is_told() -> None:
    with pytest.raises(EmbedderMisconfigured, match="ask_distanze"):
        make_embedder(EmbedderSpec("dedupe.embedding.ColourLayout", {"ask_distanze": 1}))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "Colour Layout"}, "name must be"),
        ({"name": ""}, "name must be"),
        ({"name": "a" * 33}, "name must be"),
        ({"version": 0}, "version must be"),
        ({"version": 40000}, "version must be"),
        ({"version": "1"}, "version must be"),
        ({"kind": "vectors"}, "kind must be"),
        ({"size": 1}, "from 2 to 4096"),
        ({"kind": Kind.BITS, "size": 68}, "multiple of 8"),
        ({"kind": Kind.BITS, "size": 32}, "from 64 to 65536"),
        ({"ask_distance": -0.1}, "0 or more"),
        ({"ask_distance": float("nan")}, "0 or more"),
        ({"ask_distance": "near"}, "0 or more"),
        ({"ask_distance": True}, "0 or more"),
    ],
)
def test_an_attribute_out_of_its_range_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(EmbedderMisconfigured, match=told):
        make_embedder(EmbedderSpec(f"{HERE}.Told", wrong))
