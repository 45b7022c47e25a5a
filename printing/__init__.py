"""Documents, their layouts, renderers, printers and the spool."""
