"""Unit, dossier and procedure codes in the shapes that sources send, brought to one form."""

from __future__ import annotations

import re
from functools import lru_cache

QCVN_102 = re.compile(r"^\d{2,3}(\.\d{2}){2}\.[GHK]\d{2}$")
DECISION_20 = re.compile(r"^[GHK]\d{2}(\.\d{2,3}){0,5}$")
PROCEDURE_BASE = re.compile(r"^(\d\.\d{6})(?:\.|$)")
DOSSIER = re.compile(r"^(?P<unit>[0-9A-Z.]+)-(?P<day>\d{6})-(?P<sequence>\d{4,7})$")


@lru_cache(maxsize=50_000)
def unit_code(text: str) -> str:
    """A unit's code in the form of Decision 20/2020/QĐ-TTg (level 1 on the left): ``H29.01``.

    QCVN 102:2016 writes level 1 on the right: ``000.00.01.H29``. It is reversed and its
    all-zero segments dropped. Raises ValueError for anything else.
    """
    if DECISION_20.match(text):
        segments = text.split(".")
    elif QCVN_102.match(text):
        segments = text.split(".")[::-1]
    else:
        raise ValueError("not a unit code")
    return ".".join([segments[0], *(s for s in segments[1:] if s.strip("0"))])


def dossier_unit(text: str) -> str:
    """The unit of a dossier code ``{unit}-{yyMMdd}-{sequence}``, in the form of `unit_code`."""
    match = DOSSIER.match(text)
    if not match:
        raise ValueError("not a dossier code")
    return unit_code(match["unit"])


def procedure_base(text: str) -> str:
    """The national base of a procedure code: ``1.003560.000.00.00.H56`` -> ``1.003560``.

    Four shapes occur: the national root, a local copy with a QCVN suffix, a local short form
    (``2.002621.H56``) and home-made codes without a base, which raise ValueError.
    """
    match = PROCEDURE_BASE.match(text)
    if not match:
        raise ValueError("no national base code")
    return match[1]
