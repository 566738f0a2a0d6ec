"""Documents for people, from the declared network and a day: one Markdown page and one CSV file each, and pictures.

Everything is a function of the network and the day, never of the clock. Values that nobody has confirmed are marked
`giả định`; what nobody knows is `Chưa có số liệu`, never zero.
"""

from tslcd.documents.write import DIRECTORY, files, write, write_reorganisation

__all__ = ["DIRECTORY", "files", "write", "write_reorganisation"]
