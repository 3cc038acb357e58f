"""Pure transformations: the source's words to records, records to counts, counts to figures."""
