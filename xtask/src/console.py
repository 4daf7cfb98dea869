"""A person with a browser in the console of a server under test.

    PLATEN_URL            where the server is, such as http://127.0.0.1:8631
    PLATEN_SIGN_IN_LINK   a one-time sign-in link of a System Administrator
"""

import html
import os
import re

import requests

URL = os.environ["PLATEN_URL"].rstrip("/")
PATIENCE_S = 30


class Console:
    """A person on Analysis > API."""

    def __init__(self, link):
        self.session = requests.Session()
        self.session.headers["Origin"] = URL
        self.session.get(link, timeout=PATIENCE_S).raise_for_status()
        self.session.post(link, timeout=PATIENCE_S).raise_for_status()

    def page(self):
        """The screen."""
        answer = self.session.get(f"{URL}/analysis/api", timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.text

    def press(self, path, **fields):
        """Sends one of the screen's forms."""
        fields["form_token"] = scraped(self.page(), r'name="form_token" value="([^"]+)"')
        answer = self.session.post(f"{URL}{path}", fields, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.text

    def new_key(self, api):
        """Rotates an API's Authorization Key: the new one, and the page that shows it."""
        replaces = scraped(
            self.page(), rf'action="/analysis/api/{api}/rotate".*?name="replaces" value="([^"]+)"'
        )
        page = self.press(f"/analysis/api/{api}/rotate", replaces=replaces)
        return scraped(page, r"<code[^>]*>\s*([0-9a-f]{64})\s*</code>"), page


class ClientApplication:
    """The Client Application on Analysis > API."""

    def __init__(self, console):
        self.console = console

    def press(self, action, **fields):
        """Sends one of its forms."""
        return self.console.press(f"/analysis/client/{action}", **fields)

    def generate(self):
        """Client ID and Client Secret of a new client, in the place of the demo's own."""
        self.revoke()
        page = self.press("generate")
        return (
            scraped(page, r'client-id"><code>([^<]+)<'),
            scraped(page, r'client-secret"><code>([^<]+)<'),
        )

    def revoke(self):
        """Revokes the client."""
        self.press("revoke", client=scraped(self.console.page(), r'name="client" value="([^"]+)"'))


def scraped(page, pattern):
    """The first group of a pattern that the page must hold."""
    found = re.search(pattern, page, re.S)
    if not found:
        raise SystemExit(f"the page holds nothing like {pattern}")
    return html.unescape(found.group(1))
