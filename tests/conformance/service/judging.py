"""What redbot notes about an address, as JSON; redbot runs an event loop, so it has a process for each."""

import json
import sys
from collections.abc import Iterable, Iterator
from configparser import ConfigParser

import thor
from httplint import Note
from redbot.resource import HttpResource


def listed(notes: Iterable[Note]) -> Iterator[tuple[str, str, str]]:
    for note in notes:
        yield type(note).__name__, note.level.value, str(note)
        yield from listed(note.subnotes)


def main() -> None:
    parser = ConfigParser()
    parser.read_dict({"redbot": {"enable_local_access": "True"}})
    resource = HttpResource(parser["redbot"])
    resource.set_request(sys.argv[1])
    resource.once("check_done", thor.stop)
    resource.check()
    thor.run()
    found = [*listed(resource.response.notes)]
    for check in resource.subreqs.values():
        found += listed(check.response.notes)
    json.dump({"status": resource.response.status_code, "notes": found}, sys.stdout)


if __name__ == "__main__":
    main()
