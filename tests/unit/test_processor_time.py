"""What a run asks of the interpreter and of the libraries so that no processor time goes to waiting and searching."""

import gc
import os
from pathlib import Path

from flows import job


def test_products_of_small_matrices_wake_no_threads() -> None:
    assert "OPENBLAS_NUM_THREADS" in os.environ


def test_garbage_is_looked_for_rarely_within_a_run_and_as_before_after_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.txt").write_text("The crane fell.", encoding="utf-8")
    before = gc.get_threshold()
    with job.desk(job.Job((tmp_path / "in",), tmp_path / "store")):
        assert gc.get_threshold()[0] > 50 * before[0]
    assert gc.get_threshold() == before
