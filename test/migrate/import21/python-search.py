"""Judges regular expressions as Mailman 2.1 uses them. A job per line: [kind, pattern, texts] -> [bool, ...] or null."""

import json
import re
import sys


def header(pattern, line):
    """A header rule is searched in "Name: value" lines."""
    return re.search(pattern, line, re.IGNORECASE | re.MULTILINE) is not None


def alias(pattern, address):
    """An alias is matched at the start of the address and, if it has no @, of the local part before."""

    def matches(text):
        try:
            return re.match(pattern, text, re.IGNORECASE) is not None
        except re.error:
            return re.match(re.escape(pattern), text, re.IGNORECASE) is not None

    return ("@" not in pattern and matches(address.split("@")[0])) or matches(address)


for job in sys.stdin:
    kind, pattern, texts = json.loads(job)
    try:
        answer = [globals()[kind](pattern, text) for text in texts]
    except re.error:
        answer = None
    print(json.dumps(answer), flush=True)
