"""Python's own view of pickles, for the tests: runs under Python 3 and under Python 2.

Reads one job per line as JSON and answers each with one line of JSON:

  {"do": "load", "data": BASE64}                     -> {"values": [DESCRIPTION, ...]} for all pickles in it
  {"do": "load", "path": PATH}                       -> the same for a file
  {"do": "dump", "value": DESCRIPTION, "protocol": N, "pure": BOOL} -> {"data": BASE64}
  {"do": "dis", "data": BASE64}                      -> {"opcodes": [NAME, ...]} if pickletools finds no fault

or {"error": TEXT}. A DESCRIPTION is JSON that keeps all types apart; describe() and build() define it.
"""
import base64
import io
import json
import pickle
import pickletools
import resource
import struct
import sys
import types
import warnings

PY2 = sys.version_info[0] == 2
sys.setrecursionlimit(100000)
# A damaged memo number makes Python 3 ask for a memo of many gigabytes.
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
# Python 2 warns whenever it compares bytes with text.
warnings.simplefilter('ignore')

if PY2:
    import copy_reg as copyreg
    import cPickle
    text_type, int_types = unicode, (int, long)
else:
    import copyreg
    text_type, int_types = str, (int,)


class Meta(type):
    """A stand-in for any class: remembers how its instances were made."""
    def __call__(cls, *args):
        made = cls.__new__(cls, *args)
        made.making = 'call'
        return made


def recorder_new(cls, *args, **kwargs):
    made = object.__new__(cls)
    made.making, made.args, made.kwargs = 'new', args, kwargs
    made.state, made.list_items, made.dict_items = [], None, None
    return made


def recorder_setstate(self, state):
    self.state.append(state)


def recorder_append(self, item):
    if self.list_items is None:
        self.list_items = []
    self.list_items.append(item)


def recorder_extend(self, items):
    for item in items:
        self.append(item)


def recorder_setitem(self, key, value):
    if self.dict_items is None:
        self.dict_items = []
    self.dict_items.append([key, value])


def recorder_reduce(self, protocol):
    state = self.state[0] if self.state else None
    items = None if self.list_items is None else iter(self.list_items)
    entries = None if self.dict_items is None else iter(self.dict_items)
    cls = type(self)
    if self.making == 'call':
        made = (cls, self.args)
    elif self.making == 'new':
        made = (copyreg.__newobj__, (cls,) + self.args)
    else:
        made = (copyreg._reconstructor, (cls,) + self.args)
    return made + (state, items, entries)


stand_ins = {}


def stand_in(module, name):
    """The class that stands for module.name, importable so that pickle can refer to it."""
    key = (module, name)
    if key not in stand_ins:
        cls = Meta(str(name), (object,), {
            '__module__': str(module), '__new__': staticmethod(recorder_new), '__setstate__': recorder_setstate,
            'append': recorder_append, 'extend': recorder_extend, '__setitem__': recorder_setitem,
            '__reduce_ex__': recorder_reduce, 'names': key})
        stand_ins[key] = cls
        if module not in ('__builtin__', 'builtins', 'copy_reg', 'copyreg'):
            parent = ''
            for part in module.split('.'):
                parent = parent + '.' + part if parent else part
                if parent not in sys.modules:
                    sys.modules[str(parent)] = types.ModuleType(str(parent))
            setattr(sys.modules[module], str(name), cls)
    return stand_ins[key]


def reconstructor(cls, *args):
    made = cls.__new__(cls, *args)
    made.making = 'reconstructor'
    return made


def bytearray_of(*args):
    return bytearray(*[a.decode('ascii') if i and isinstance(a, bytes) else a for i, a in enumerate(args)])


KNOWN = {
    'set': set, 'frozenset': frozenset, 'bytearray': bytearray_of, 'bytes': bytes, 'encode': None,
    '_reconstructor': reconstructor, '__newobj__': lambda cls, *args: cls.__new__(cls, *args),
}


def encode(text, charset):
    return text.encode(charset if isinstance(charset, str) else charset.decode('ascii'))


def find_class(module, name):
    if (module, name) == ('_codecs', 'encode'):
        return encode
    if module in ('__builtin__', 'builtins', 'copy_reg', 'copyreg') and name in KNOWN:
        return KNOWN[name]
    return stand_in(module, name)


def load_all(data):
    stream = io.BytesIO(data)
    values = []
    while stream.tell() < len(data):
        if PY2:
            # cPickle reads ahead from nothing but a file or a cStringIO, and tells where it stopped only in the latter.
            import cStringIO
            reader = cStringIO.StringIO(data)
            reader.seek(stream.tell())
            unpickler = cPickle.Unpickler(reader)
            unpickler.find_global = find_class
            values.append(unpickler.load())
            stream.seek(reader.tell())
        else:
            class Unpickler(pickle.Unpickler):
                def find_class(self, module, name):
                    return find_class(module, name)
            values.append(Unpickler(stream, fix_imports=False, encoding='bytes').load())
    return values


def latin1(data):
    return bytes(data).decode('latin-1')


def describe(value, path=()):
    if value is None or value is True or value is False:
        return value
    if id(value) in path:
        return ['^', len(path) - path.index(id(value))]
    path = path + (id(value),)
    down = lambda inner: describe(inner, path)
    kind = type(value)
    if kind in int_types:
        return ['i' if kind is int else 'L', str(value)]
    if kind is float:
        return ['f', 'nan' if value != value else base64.b16encode(struct.pack('>d', value)).decode('ascii')]
    if kind is bytes:
        return ['b', latin1(value)]
    if kind is text_type:
        return ['u', value]
    if kind is bytearray:
        return ['a', latin1(value)]
    if kind in (list, tuple, set, frozenset):
        return [{list: 'l', tuple: 't', set: 's', frozenset: 'fs'}[kind]] + [down(item) for item in value]
    if kind is dict:
        return ['d'] + [[down(k), down(v)] for k, v in value.items()]
    if kind is Meta:
        return ['g'] + list(value.names)
    if type(kind) is Meta:
        state = down(value.state[0]) if value.state else ['absent']
        items = value.list_items and ['l'] + [down(item) for item in value.list_items]
        entries = value.dict_items and ['d'] + [[down(k), down(v)] for k, v in value.dict_items]
        kwargs = ['d'] + [[['u', k], down(v)] for k, v in value.kwargs.items()] if value.kwargs else None
        return ['o', kind.names[0], kind.names[1], value.making, [down(arg) for arg in value.args], kwargs, state,
                items or None, entries or None]
    for name, known in KNOWN.items():
        if value is known:
            return ['g', '__builtin__', name]
    raise TypeError('no description for %r' % kind)


classic = {}


def old_style(module, name, args, state):
    if (module, name) not in classic:
        stand_in(module, name)
        classic[module, name] = types.ClassType(str(name), (), {'__module__': str(module)})
        setattr(sys.modules[module], str(name), classic[module, name])
    made = classic[module, name]()
    if args:
        made.__getinitargs__ = lambda: args
    made.__getstate__ = lambda: state
    return made


def build(description, same):
    """Equal parts become one object, so that pickle has something to share."""
    if description is None or isinstance(description, bool):
        return description
    key = json.dumps(description)
    if key not in same:
        same[key] = make(description, lambda inner: build(inner, same))
    return same[key]


def make(description, down):
    kind, rest = description[0], description[1:]
    if kind == 'i':
        return int(rest[0])
    if kind == 'L':
        return int_types[-1](rest[0])
    if kind == 'f':
        return float('nan') if rest[0] == 'nan' else struct.unpack('>d', base64.b16decode(rest[0]))[0]
    if kind == 'b':
        return rest[0].encode('latin-1')
    if kind == 'u':
        return rest[0]
    if kind == 'a':
        return bytearray(rest[0].encode('latin-1'))
    if kind in ('l', 't', 's', 'fs'):
        return {'l': list, 't': tuple, 's': set, 'fs': frozenset}[kind](down(item) for item in rest)
    if kind == 'd':
        return dict((down(k), down(v)) for k, v in rest)
    if kind == 'g':
        return object if rest == ['__builtin__', 'object'] else stand_in(rest[0], rest[1])
    module, name, making, args, _, state, items, entries = rest
    args = tuple(down(arg) for arg in args)
    if making == 'old-style':
        return old_style(module, name, args, down(state))
    made = stand_in(module, name)(*args)
    made.making = making
    if state != ['absent']:
        made.state.append(down(state))
    if items:
        made.list_items = down(items)
    if entries:
        made.dict_items = list(down(entries).items())
    return made


def dump(value, protocol, pure):
    if PY2:
        return pickle.dumps(value, protocol) if pure else cPickle.dumps(value, protocol)
    return pickle._dumps(value, protocol) if pure else pickle.dumps(value, protocol)


def answer(job):
    if 'path' in job:
        with open(job['path'], 'rb') as file:
            data = file.read()
    elif 'data' in job:
        data = base64.b64decode(job['data'])
    if job['do'] == 'load':
        return {'values': [describe(value) for value in load_all(data)]}
    if job['do'] == 'dis':
        pickletools.dis(data, open('/dev/null', 'w'))
        return {'opcodes': [opcode.name for opcode, _, _ in pickletools.genops(data)]}
    value = build(job['value'], {})
    return {'data': base64.b64encode(dump(value, job['protocol'], job['pure'])).decode('ascii')}


def main():
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        try:
            result = answer(json.loads(line))
        except Exception as error:
            result = {'error': '%s: %s' % (type(error).__name__, repr(error.args)[:500])}
        text = json.dumps(result, encoding='latin-1') if PY2 else json.dumps(result)
        sys.stdout.write(text + '\n')
        sys.stdout.flush()


main()
