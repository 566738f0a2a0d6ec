"""The digital twin: real daemons in Linux namespaces, wired and configured from the same inventory as production."""
