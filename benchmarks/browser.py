"""How long readers wait for topics to be suggested, in a browser, and what the front page weighs.

    python benchmarks/browser.py http://127.0.0.1:8000 [--language en] [--words "breast cancer"]

The service runs already. Each letter of the words is typed, and the time until the list has changed is taken
in the page. Needs Chromium.
"""

import argparse
import gzip
import shutil
import statistics

import httpx
from playwright.sync_api import sync_playwright

TYPE = """
text => new Promise(resolve => {
  const input = document.querySelector("#query");
  const list = document.querySelector("[role=listbox]");
  const start = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    resolve(performance.now() - start);
  });
  observer.observe(list, { attributes: true, childList: true });
  input.focus();
  input.value = text;
  input.dispatchEvent(new Event("input"));
})
"""


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--language", default="en")
    parser.add_argument("--words", default="breast cancer")
    given = parser.parse_args()
    front = f"{given.url}/{given.language}"
    print(f"front page: {len(gzip.compress(httpx.get(front).content)) / 1000:.1f} kB compressed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(front)
        texts = [given.words[:count] for count in range(1, len(given.words) + 1)]
        waits = [page.evaluate(TYPE, text) for text in texts]
        browser.close()
    print(f"suggestions: median {statistics.median(waits):.0f} ms, slowest {max(waits):.0f} ms")


if __name__ == "__main__":
    main()
