"""Measures the whole table and writes it into README.md.

python -m tests.accuracy                     # every row; README.md says how long it takes
python -m tests.accuracy --points 2000       # quicker; writes nothing
python -m tests.accuracy --only tanh,lgamma  # some rows; writes nothing
"""

import sys

from .report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
