"""Compares pickles as Python sees them: values, types, and bytes against text. Prints the differences.

Reads pairs of paths, one pair a line with a tab between, from standard input. Each instance of a class becomes a
record of its class and attributes, so that no class of Mailman is needed.
"""
import io
import pickle
import sys


class Record:
    def __init__(self, *args):
        self.args = args

    def __setstate__(self, state):
        self.state = state


class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        return type(name, (Record,), {"__module__": module})


def read(path):
    with open(path, "rb") as file:
        return Reader(io.BytesIO(file.read()), encoding="bytes").load()


def differences(one, other, where):
    if type(one).__name__ != type(other).__name__:
        yield "%s: %s, not %s" % (where, type(other).__name__, type(one).__name__)
    elif isinstance(one, Record):
        yield from differences(one.__dict__, other.__dict__, where)
    elif isinstance(one, dict):
        kinds = {(type(key).__name__, key) for key in one} ^ {(type(key).__name__, key) for key in other}
        for kind in sorted(map(repr, kinds)):
            yield "%s: key %s" % (where, kind)
        for key in one:
            if key in other:
                yield from differences(one[key], other[key], "%s[%r]" % (where, key))
    elif isinstance(one, (list, tuple)):
        if len(one) != len(other):
            yield "%s: %d items, not %d" % (where, len(other), len(one))
        for index, (left, right) in enumerate(zip(one, other)):
            yield from differences(left, right, "%s[%d]" % (where, index))
    elif one != other:
        yield "%s: %r, not %r" % (where, other, one)


for line in sys.stdin:
    left, right = line.rstrip("\n").split("\t")
    for difference in differences(read(left), read(right), right.rsplit("/", 2)[-2]):
        print(difference)
