"""Writes seeds for the fuzz targets: small texts of our own, and rows of pieces of the targets' table.

    python3 fuzz/seeds.py   → fuzz/corpus/TARGET/seed-N
"""

import random
from pathlib import Path

TARGETS = ["parse", "literal", "apply_verify", "docstring"]
TEXTS = [
    "def f(): return 1\n",
    '"""Module."""\n\nclass A(B, metaclass=M):\n    """A class."""\n\n    x: int = 1\n',
    "@d(1)\nasync def f(a, /, b: int = 1, *args: str, c, **kw) -> list[int]:\n    r'''Doc.'''\n    yield a\n",
    "#!/usr/bin/python\n# -*- coding: utf-8 -*-\n# licence\n\nfrom __future__ import annotations\n",
    "class A:\r\n\tdef f(self): ...\r\n",
    "def f(a):  # type: (int) -> str\n    # type: note\n    ('one'\n     'two')\n",
    "def f():\n    'old'; return f'{x!r:>{y}}' \\\n        'z'\n",
    "match x:\n    case [1, *_] | {'a': b} if b:\n        def g(): 'Doc.'\n",
    "def f(:\n    return\n\ndef g():\n    try:\n        raise E from e\n    except* E:\n        pass\n",
    "print 'two', x\nexec \"y\"\nraise E, 'z'\n",
    "Summary.\n\nArgs:\n    a (int, optional): One.\n        Two.\n    *b: Three.\n\nReturns:\n    str: x.\n",
    "Summary.\n\nParameters\n----------\na : int, default 3\n    One.\n\nRaises\n------\nE\n    Two.\n",
    "Summary.\n\n:param int a: One.\n:returns: Two.\n:raises E: Three.\n",
    "Summary.\n\n@param a: One.\n@type a: C{int}\n@return: Two.\n",
    "a \\ \"\"\" ''' \" ' \\N{BULLET} \\x41\r\n\ttab \x0c\x00 é 😀\n    indented\n",
]


def main():
    """Write the seeds, the same ones each time."""
    draw = random.Random(1)
    for target in TARGETS:
        folder = Path(__file__).parent / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        before = b"\x01\x02\x01\x02\x03\x04\x05\x06\x07\x08" if target == "apply_verify" else b""
        seeds = [b"\x00" + text.encode() for text in TEXTS]
        seeds += [b"\x01" + draw.randbytes(length) for length in range(4, 64, 2)]
        for number, seed in enumerate(seeds):
            (folder / f"seed-{number}").write_bytes(before + seed)


if __name__ == "__main__":
    main()
