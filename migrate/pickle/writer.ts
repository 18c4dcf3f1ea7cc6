import { type WritableProtocol, writeAtom, writeName } from './atoms.ts';
import { PickleWriteError } from './errors.ts';
import { Output } from './output.ts';
import { sharedIn } from './sharing.ts';
import { type PickleValue, PyByteArray, PyDict, PyGlobal, PyInstance, PySet, PyTuple } from './values.ts';

/**
 * Writes a pickle that Python 2 reads back as the same value, in the way of its cPickle. Protocol 1 is what
 * Mailman 2.1 uses for `config.pck`, `request.pck` and held messages, protocol 0 for `pending.pck`; it reads all three.
 */
export function writePickle(value: PickleValue, protocol: WritableProtocol = 1): Buffer {
  return new Writer(protocol, sharedIn(value)).write(value);
}

/** How many items cPickle puts between a MARK and its APPENDS or SETITEMS. */
const BATCH = 1000;
/** Far beyond any value that the reader gives; only a tuple that holds itself with no list between gets here. */
const DEEPEST = 2_000_000;

/** What remains to be written of one value: a generator that yields the values to be written in between. */
type Rest = Generator<PickleValue, void>;

class Writer {
  readonly #output = new Output();
  readonly #protocol: WritableProtocol;
  readonly #shared: ReadonlySet<object>;
  readonly #memo = new Map<object, number>();

  constructor(protocol: WritableProtocol, shared: ReadonlySet<object>) {
    this.#protocol = protocol;
    this.#shared = shared;
  }

  write(root: PickleValue): Buffer {
    if (this.#protocol === 2) this.#output.latin1('\x80\x02');
    const open: Rest[] = [];
    let value: PickleValue | undefined = root;
    for (;;) {
      const rest: Rest | undefined = value === undefined ? open.pop() : this.#begin(value);
      value = undefined;
      if (rest === undefined) {
        if (open.length === 0) break;
        continue;
      }
      const next = rest.next();
      if (next.done === true) {
        if (open.length === 0) break;
        continue;
      }
      if (open.length >= DEEPEST) throw new PickleWriteError(`a value nested more than ${DEEPEST} deep`);
      open.push(rest);
      value = next.value;
    }
    this.#output.latin1('.');
    return this.#output.finish();
  }

  /** Writes what needs no others, or returns the work that does. */
  #begin(value: PickleValue): Rest | undefined {
    if (typeof value === 'object' && value !== null && this.#recall(value)) return undefined;
    if (writeAtom(this.#output, value, this.#protocol)) {
      if (typeof value === 'object' && value !== null) this.#memoise(value);
      return undefined;
    }
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof PyTuple) return this.#tuple(value);
    if (value instanceof PyDict) return this.#dict(value);
    if (value instanceof PySet) return this.#set(value);
    if (value instanceof PyByteArray) return this.#byteArray(value);
    if (value instanceof PyInstance) return this.#instance(value);
    throw new PickleWriteError(`a ${typeof value} has no form in a pickle`);
  }

  #recall(value: object): boolean {
    const index = this.#memo.get(value);
    if (index === undefined) return false;
    this.#memoOpcode('g', 'h', 'j', index);
    return true;
  }

  #memoise(value: object): void {
    if (!this.#shared.has(value)) return;
    const index = this.#memo.size;
    this.#memo.set(value, index);
    this.#memoOpcode('p', 'q', 'r', index);
  }

  #memoOpcode(text: string, short: string, long: string, index: number): void {
    if (this.#protocol === 0) {
      this.#output.latin1(`${text}${index}\n`);
    } else if (index < 256) {
      this.#output.latin1(short);
      this.#output.uint8(index);
    } else {
      this.#output.latin1(long);
      this.#output.uint32(index);
    }
  }

  *#list(items: PickleValue[]): Rest {
    this.#output.latin1(this.#protocol === 0 ? '(l' : ']');
    this.#memoise(items);
    yield* this.#batches(items, 'a', 'e', 1);
  }

  *#dict(dict: PyDict): Rest {
    this.#output.latin1(this.#protocol === 0 ? '(d' : '}');
    this.#memoise(dict);
    yield* this.#entries(dict);
  }

  *#entries(dict: PyDict): Rest {
    const flat: PickleValue[] = [];
    for (const [key, value] of dict) flat.push(key, value);
    yield* this.#batches(flat, 's', 'u', 2);
  }

  /** Writes items and the opcodes that put them into the value before them, `width` items for each. */
  *#batches(items: readonly PickleValue[], one: string, many: string, width: 1 | 2): Rest {
    const size = this.#protocol === 0 ? width : BATCH * width;
    for (let from = 0; from < items.length; from += size) {
      const to = Math.min(from + size, items.length);
      const single = to - from === width;
      if (!single) this.#output.latin1('(');
      for (let i = from; i < to; i++) yield items[i] ?? null;
      this.#output.latin1(single ? one : many);
    }
  }

  *#tuple(tuple: PyTuple): Rest {
    const { items } = tuple;
    if (items.length === 0 && this.#protocol > 0) {
      this.#output.latin1(')');
      return;
    }
    const counted = this.#protocol === 2 && items.length <= 3;
    if (!counted) this.#output.latin1('(');
    yield* items;
    if (this.#memo.has(tuple)) {
      // It holds a list that holds it, and was written whole in there: what stands on the stack now is a second copy.
      this.#output.latin1(counted ? '0'.repeat(items.length) : '1');
      this.#recall(tuple);
      return;
    }
    this.#output.latin1(counted ? (['\x85', '\x86', '\x87'][items.length - 1] ?? ')') : 't');
    this.#memoise(tuple);
  }

  *#set(set: PySet): Rest {
    yield new PyGlobal('__builtin__', set.frozen ? 'frozenset' : 'set');
    yield new PyTuple([[...set]]);
    this.#output.latin1('R');
    this.#memoise(set);
  }

  *#byteArray(bytes: PyByteArray): Rest {
    yield new PyGlobal('__builtin__', 'bytearray');
    yield new PyTuple([bytes.latin1, 'latin-1']);
    this.#output.latin1('R');
    this.#memoise(bytes);
  }

  *#instance(instance: PyInstance): Rest {
    if (instance.making === 'old-style') yield* this.#oldStyle(instance);
    else yield* this.#reduced(instance);
    this.#memoise(instance);
    if (instance.listItems !== undefined) yield* this.#batches(instance.listItems, 'a', 'e', 1);
    if (instance.dictItems !== undefined) yield* this.#entries(instance.dictItems);
    if (instance.state !== undefined) {
      yield instance.state;
      this.#output.latin1('b');
    }
  }

  *#oldStyle({ cls, args }: PyInstance): Rest {
    this.#output.latin1('(');
    if (this.#protocol === 0) {
      yield* args;
      this.#output.latin1('i');
      writeName(this.#output, cls);
    } else {
      yield cls;
      yield* args;
      this.#output.latin1('o');
    }
  }

  *#reduced({ cls, making, args, kwargs }: PyInstance): Rest {
    if (kwargs !== undefined) {
      throw new PickleWriteError(`Python 2 cannot make a ${cls.fullName} from keyword arguments`);
    }
    if (making === 'new' && this.#protocol === 2) {
      yield cls;
      yield new PyTuple(args);
      this.#output.latin1('\x81');
      return;
    }
    if (making === 'call') yield cls;
    else yield new PyGlobal('copy_reg', making === 'new' ? '__newobj__' : '_reconstructor');
    yield new PyTuple(making === 'call' ? args : [cls, ...args]);
    this.#output.latin1('R');
  }
}
