"""What people read: files, pages and bulletins, each made of one release's own files and of nothing
else, so that a past release can be shown again as it was."""
