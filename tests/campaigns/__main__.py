"""Runs a campaign and keeps its result beside it.

python -m tests.campaigns graphs                # 100,000 random graphs; writes GRAPHS.md
python -m tests.campaigns graphs --count 2000   # quicker; prints, writes nothing
python -m tests.campaigns frameworks            # a million evaluations; writes FRAMEWORKS.md
python -m tests.campaigns frameworks --points 500 --only tanh,pow
python -m tests.campaigns faults                # 20,000 planted faults; writes FAULTS.md
"""

import sys

from . import faults, frameworks, graphs

CAMPAIGNS = {"graphs": graphs.main, "frameworks": frameworks.main, "faults": faults.main}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in CAMPAIGNS:
        sys.exit(f"{__doc__}\nchoose one of {', '.join(CAMPAIGNS)}")
    sys.exit(CAMPAIGNS[sys.argv[1]](sys.argv[2:]))
