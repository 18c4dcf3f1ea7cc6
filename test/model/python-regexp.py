"""Judges patterns as Mailman does: reads JSON [[pattern, text], ...], writes [true | false | null, ...]."""
import json
import re
import sys
import warnings

warnings.simplefilter('ignore')


def judge(pattern, text):
    try:
        return re.search(pattern, text, re.IGNORECASE) is not None
    except re.error:
        return None


print(json.dumps([judge(*pair) for pair in json.load(sys.stdin)]))
