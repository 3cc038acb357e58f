"""SOAP behind X-Road: the pinned contract, how it is asked, and what its answers and faults say."""
