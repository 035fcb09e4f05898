"""What an embedder gives is checked before it is stored, and what is stored before it is used."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dedupe.embedding import EmbedderFailed, Vector, checked, decode, encode
from tests.dedupe.embedding.embedders import DifferenceHash, Told


@given(arrays(np.float32, 4, elements=st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_a_vector_comes_back_as_it_was(vector: Vector) -> None:
    assert decode(Told(), encode(vector)).tobytes() == vector.tobytes()  # type: ignore[union-attr]


def test_bits_are_stored_as_they_are() -> None:
    assert decode(DifferenceHash(), encode(b"12345678")) == b"12345678"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "NoneType"),
        ([1.0] * 4, "list"),
        (np.ones(4), r"float64\[4\]"),
        (np.ones(5, np.float32), r"float32\[5\]"),
        (np.ones((2, 2), np.float32), r"float32\[2, 2\]"),
        (np.array([1, 2, 3, np.nan], np.float32), "undefined"),
        (np.array([1, 2, 3, np.inf], np.float32), "infinite"),
    ],
)
def test_what_is_not_the_promised_vector_is_refused_and_told(value: Any, told: str) -> None:
    with pytest.raises(EmbedderFailed, match=told):
        checked(Told(), value)


@pytest.mark.parametrize(("value", "told"), [(b"1234567", "56 bits"), ("12345678", "str"), (12345678, "int")])
def test_what_are_not_the_promised_bits_is_refused_and_told(value: Any, told: str) -> None:
    with pytest.raises(EmbedderFailed, match=told):
        checked(DifferenceHash(), value)


@given(st.binary(max_size=40))
def test_foreign_bytes_are_refused_or_are_a_sound_value(data: bytes) -> None:
    try:
        value = decode(Told(), data)
    except EmbedderFailed:
        return
    assert isinstance(value, np.ndarray)
    assert np.isfinite(value).all()
