"""The monthly bulletin: two A4 pages about one month of a release, as PDF.

`content` gathers what it says, already written in its language; ``bulletin.typ`` lays it out.
"""
