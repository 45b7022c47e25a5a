"""Icons, fonts, styles, translations, layouts and the demo venue."""
