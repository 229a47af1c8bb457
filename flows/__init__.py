"""When and from where: sources, stages, schedules, configuration and the command line."""

import os

# Before numpy is loaded. Its products of matrices are small here, and threads of OpenBLAS that wait for the next one
# spin: on two busy cores they burnt a third of the processor time of aligning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
