"""The lock of data: what a deployment must never replace, delete or unprotect, unless somebody says why."""
