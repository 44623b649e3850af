"""Lists that are too long for one page."""

from dataclasses import dataclass

from healthtopics.website.frame import Frame


@dataclass(frozen=True, eq=False)
class ListPart:
    """Where a page is in its list."""

    frame: Frame
    size: int
    """The most items of a page."""
    total: int = 0
    """The number of all items."""

    @property
    def number(self) -> int:
        """The number of the page, from 1."""
        return self.frame.page.number

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return self.size * (self.number - 1)

    @property
    def pages(self) -> int:
        """The number of all pages, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def exists(self) -> bool:
        """Whether the list has this page."""
        return self.number <= self.pages

    @property
    def near(self) -> list[int]:
        """The numbers of the pages that are linked; 0 stands for those that are left out."""
        shown = sorted(
            {1, self.pages, *range(self.number - 1, self.number + 2)} & {*range(1, self.pages + 1)}
        )
        found = list[int]()
        for each in shown:
            if found and each - found[-1] > 1:
                found.append(0)
            found.append(each)
        return found

    def address(self, number: int) -> str:
        """Return the address of a page of the list."""
        return self.frame.addresses.page(self.frame.page._replace(number=number))
