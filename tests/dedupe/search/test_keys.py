"""The keys of the two routes, and what they promise to find."""

from hypothesis import given
from hypothesis import strategies as st

from dedupe.search import keys

hashes = st.integers(min_value=0, max_value=2**64 - 1)
intensities = st.floats(min_value=0, max_value=1)
aspects = st.floats(min_value=-3, max_value=3)


def found_by_chunks(query: int, stored: int) -> bool:
    pairs = zip(keys.chunks(query), keys.chunks(stored), strict=True)
    return any(chunk in keys.probes(looked_for) for looked_for, chunk in pairs)


@given(query=hashes, flips=st.sets(st.integers(min_value=0, max_value=63), max_size=7))
def test_the_hash_route_finds_every_hash_within_seven_bits(query: int, flips: set[int]) -> None:
    stored = query
    for bit in flips:
        stored ^= 1 << bit
    assert found_by_chunks(query, stored)


def test_eight_bits_spread_two_to_a_chunk_escape_the_hash_route() -> None:
    assert not found_by_chunks(0, 0x0003_0003_0003_0003)


def test_chunks_cut_the_hash_from_the_most_significant_end() -> None:
    assert keys.chunks(0x0123_4567_89AB_CDEF) == (0x0123, 0x4567, 0x89AB, 0xCDEF)


def test_a_chunk_is_looked_up_with_its_sixteen_neighbours() -> None:
    assert len(set(keys.probes(0xBEEF))) == 17


@given(
    aspect=aspects,
    quadrants=st.tuples(intensities, intensities, intensities, intensities),
    shifts=st.tuples(*[st.floats(min_value=-0.0125, max_value=0.0125)] * 5),
)
def test_the_window_route_looks_under_the_key_of_everything_in_the_window(
    aspect: float, quadrants: tuple[float, ...], shifts: tuple[float, ...]
) -> None:
    looked_under = keys.window_keys(aspect, quadrants, aspect_width=0.0125, intensity_width=0.0125)
    stored = tuple(value + shift for value, shift in zip(quadrants, shifts[1:], strict=True))
    assert keys.window_key(aspect + shifts[0], stored) in looked_under
    assert 1 <= len(looked_under) <= 32


def test_window_keys_fit_into_four_bytes_whatever_the_picture() -> None:
    assert 0 <= keys.window_key(-50.0, (0.0,) * 4) < keys.window_key(50.0, (1.0,) * 4) < 2**31


def test_pictures_of_other_brightness_have_other_keys() -> None:
    assert keys.window_key(0.0, (0.1, 0.2, 0.3, 0.4)) != keys.window_key(0.0, (0.4, 0.2, 0.3, 0.1))
