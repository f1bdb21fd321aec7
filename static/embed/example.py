"""Which number to call first, and only when that has changed."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ADDRESS = "HOST/api/v1/advice?need=police-emergency&area=leicestershire"


def ask(tag=""):
    """The advice and its tag; no advice where it is what it was at the tag given."""
    try:
        with urlopen(Request(ADDRESS, headers={"If-None-Match": tag})) as answer:
            return json.load(answer), answer.headers["ETag"]
    except HTTPError as error:
        if error.code == 304:
            return None, tag
        told = json.load(error)
        raise SystemExit(f"{told['what']} ({told['where']}). {told['what_to_do']}") from error


told, tag = ask()
print(told["first"]["label"]["en"], told["first"]["number"])
again, tag = ask(tag)
print("unchanged" if again is None else "changed")
