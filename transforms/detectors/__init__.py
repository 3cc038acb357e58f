"""Detectors: what in a source's own statements cannot be work as it happened.

``detect`` judges every source; ``not_fed`` says which indicators a source must not feed for it."""

from transforms.detectors.declaration import Detector, detectors
from transforms.detectors.detection import detect
from transforms.detectors.feeding import UNFED_SCHEMA, fed_by, not_fed, unfed

__all__ = ["UNFED_SCHEMA", "Detector", "detect", "detectors", "fed_by", "not_fed", "unfed"]
