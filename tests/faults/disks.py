"""Disks that lose their power.

The disk is a file with ext4 in it. Its content at any moment is what a power cut at that moment leaves: it is
copied without unmounting, and the copy is mounted, which replays the journal.
"""

import shutil
import subprocess
from pathlib import Path


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.image = folder / "disk.img"
        self.place = folder / "disk"
        self._mounted: list[Path] = []

    def start(self) -> None:
        with self.image.open("wb") as file:
            file.truncate(32 * 2**20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self._mount(self.image, self.place)

    def cut_power(self) -> Path:
        """Return the root of the file system as the next start finds it."""
        number = len(self._mounted)
        image, place = self.folder / f"after-{number}.img", self.folder / f"after-{number}"
        shutil.copyfile(self.image, image)
        self._mount(image, place)
        return place

    def remove(self, name: str) -> None:
        """Remove a folder from the disk, and the disks that are left over from power cuts."""
        shutil.rmtree(self.place / name)
        while len(self._mounted) > 1:
            place = self._mounted.pop()
            subprocess.run(["umount", place], check=True)
            place.rmdir()
            place.with_suffix(".img").unlink()

    def end(self) -> None:
        for place in self._mounted:
            subprocess.run(["umount", place], check=True)

    def _mount(self, image: Path, place: Path) -> None:
        place.mkdir()
        subprocess.run(["mount", "-o", "loop,commit=1", image, place], check=True)
        self._mounted.append(place)
