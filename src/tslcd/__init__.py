"""Lào Cai's level-II network as code: declared model, derived intent, rendered text, drift."""
