"""The pages that people read, in Vietnamese and English: `build.build`.

A page is a module in ``pages`` with a template of the same name; its texts stand in
``publication/words/<name>.yml``. Pages open from disk as well as from a server: no request leaves
them, and what a script needs later comes as a script of its own (``data/...js``).
"""
