"""Vintages: what was published when, by which rules, and why a figure is not what it was."""
