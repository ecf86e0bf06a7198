"""What a database may be."""

import pytest

from subgraphs.kernel.store.database import Database


@pytest.mark.parametrize("url", ["mysql://root@/db", "oracle://x"])
def test_other_databases_are_refused_in_a_clear_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        Database(url)
