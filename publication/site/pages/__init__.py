"""One module a kind of page, found by its name: ``pages(site, language)`` gives its pages, and
``files(site)``, where there is one, what they need beside (`publication.site.model`)."""
