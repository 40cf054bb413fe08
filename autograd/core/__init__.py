"""The compiled core: the pure engine's twin in C, the same to the last bit.

`twin` is what autograd/engine.py imports where it was built; `generate` writes
the table's C. How it is made is told in tape.h, value.h and reverse.h.
"""
