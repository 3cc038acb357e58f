"""The simulated nation: provinces and ministries on loopback, with the truth kept aside."""

from simulator.nation import Nation

__all__ = ["Nation"]
