"""Writes the agent as one executable file: same sources, same bytes.  `python -m napalm_frr.zipapp PATH`"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
import zipfile
from pathlib import Path

# Isolated and without site: neither the caller's environment nor installed packages take part, and it starts faster.
_SHEBANG = b"#!/usr/bin/python3 -IS\n"
_SHARED = ("document.py", "compare.py", "frr_text.py", "redaction.py")
_ENTRY = "import sys\nfrom napalm_frr.agent.__main__ import main\nsys.exit(main())\n"
_EPOCH = (2020, 1, 1, 0, 0, 0)


def build(path: Path) -> Path:
    """Replaces the file at `path`. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(_SHEBANG)
    with zipfile.ZipFile(temporary, "a", zipfile.ZIP_STORED) as archive:
        for name, text in sorted(_members().items()):
            for member_name, content in ((name, text.encode()), (f"{name}c", _compiled(name, text))):
                member = zipfile.ZipInfo(member_name, _EPOCH)
                member.external_attr = 0o644 << 16
                archive.writestr(member, content)
    temporary.chmod(0o755)
    temporary.replace(path)
    return path


def _compiled(name: str, text: str) -> bytes:
    """An unchecked, hash-based .pyc: spares the router the compiling at each call. Another Python ignores it."""
    source = text.encode()
    flags = (0b01).to_bytes(4, "little")
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source) + marshal.dumps(code)


def _members() -> dict[str, str]:
    """Name in the archive -> text. The package's own `__init__` imports NAPALM and stays out."""
    source = Path(__file__).parent
    members = {"__main__.py": _ENTRY, "napalm_frr/__init__.py": ""}
    for path in [*(source / name for name in _SHARED), *(source / "agent").glob("*.py")]:
        members[f"napalm_frr/{path.relative_to(source).as_posix()}"] = path.read_text(encoding="utf-8")
    return members


if __name__ == "__main__":
    build(Path(sys.argv[1]))
