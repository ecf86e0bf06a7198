import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from plait_schema.usage import bucket_of, quantile


@given(st.floats(min_value=1e-6, max_value=600))
def test_a_duration_is_overstated_by_less_than_a_fifth(seconds: float) -> None:
    told = quantile({bucket_of(seconds): 1}, 0.5)
    assert told is not None
    assert seconds * 0.999999 <= told <= seconds * 1.1893


@given(st.lists(st.floats(min_value=0.0, max_value=1e6), min_size=1), st.floats(min_value=0.01, max_value=1))
def test_a_quantile_is_the_bucket_of_the_duration_at_that_place(seconds: list[float], share: float) -> None:
    place = math.ceil(share * len(seconds)) - 1
    counts = Counter(map(bucket_of, seconds))
    assert quantile(counts, share) == quantile({bucket_of(sorted(seconds)[place]): 1}, 1)


def test_of_nothing_there_is_no_quantile() -> None:
    assert quantile({}, 0.5) is None
