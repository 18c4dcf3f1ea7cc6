import { COST, type Machine } from './machine.ts';
import {
  type Making,
  type PickleValue,
  PyByteArray,
  PyBytes,
  PyDict,
  PyGlobal,
  PyInstance,
  PySet,
  PyTuple,
} from './values.ts';

/**
 * Objects are never made by calling anything. The few constructors whose result is plain data are known here by name;
 * whatever else a pickle wants to call becomes a record of the call.
 */

type Builder = (machine: Machine, args: readonly PickleValue[]) => PickleValue | undefined;

const BUILDERS = new Map<string, Builder>([
  ['set', (machine, args) => setOf(machine, args, false)],
  ['frozenset', (machine, args) => setOf(machine, args, true)],
  ['bytearray', byteArray],
  ['bytes', (_, args) => (args.length === 0 ? new PyBytes('') : undefined)],
]);

const BUILTINS = new Set(['__builtin__', 'builtins']);
const COPYREG = new Set(['copy_reg', 'copyreg']);

/** What REDUCE gives: plain data from a known constructor, else a record of the call. */
export function reduce(machine: Machine, callable: PickleValue, args: PickleValue): PickleValue {
  const list = argumentsIn(machine, args);
  const called = globalIn(machine, callable);
  const known = BUILTINS.has(called.module)
    ? BUILDERS.get(called.qualname)?.(machine, list)
    : bytesFromPython3(machine, called, list);
  if (known !== undefined) return known;
  const first = list[0];
  if (COPYREG.has(called.module) && first instanceof PyGlobal) {
    if (called.qualname === '_reconstructor') return record(machine, first, 'reconstructor', list.slice(1));
    if (called.qualname === '__newobj__') return record(machine, first, 'new', list.slice(1));
  }
  return record(machine, called, 'call', list);
}

/** What NEWOBJ, NEWOBJ_EX, OBJ and INST give. */
export function instance(
  machine: Machine,
  cls: PickleValue,
  making: Making,
  args: readonly PickleValue[],
  kwargs?: PickleValue,
): PyInstance {
  if (kwargs !== undefined && !(kwargs instanceof PyDict))
    throw machine.fault('keyword arguments must be a dict');
  return record(machine, globalIn(machine, cls), making, args, kwargs);
}

/** The items of a tuple of arguments. */
export function argumentsIn(machine: Machine, args: PickleValue): readonly PickleValue[] {
  if (args instanceof PyTuple) return args.items;
  throw machine.fault('the arguments must be a tuple');
}

function globalIn(machine: Machine, callable: PickleValue): PyGlobal {
  if (callable instanceof PyGlobal) return callable;
  throw machine.fault('an object can be made only from a class or function named in the pickle');
}

function record(
  machine: Machine,
  cls: PyGlobal,
  making: Making,
  args: readonly PickleValue[],
  kwargs?: PyDict,
): PyInstance {
  machine.spend(COST.container + COST.slot * args.length);
  return new PyInstance(cls, making, args, kwargs);
}

function setOf(machine: Machine, args: readonly PickleValue[], frozen: boolean): PySet | undefined {
  const members = args[0] ?? [];
  if (args.length > 1 || !(Array.isArray(members) || members instanceof PyTuple)) return undefined;
  machine.spend(COST.dict);
  const set = new PySet([], frozen);
  for (const member of members) machine.include(set, member);
  return set;
}

/** Python 2 gives the bytes as text in latin-1, Python 3 as bytes. */
function byteArray(machine: Machine, args: readonly PickleValue[]): PickleValue | undefined {
  const [content, encoding] = args;
  if (content === undefined) return new PyByteArray('');
  if (content instanceof PyBytes && args.length === 1) return new PyByteArray(content.latin1);
  return isLatin1(content, encoding) ? new PyByteArray(latin1(machine, content)) : undefined;
}

/** Python 3 has no other way to say `bytes` in protocols 0 to 2. */
function bytesFromPython3(
  machine: Machine,
  called: PyGlobal,
  args: readonly PickleValue[],
): PyBytes | undefined {
  const [content, encoding] = args;
  if (called.module !== '_codecs' || called.qualname !== 'encode') return undefined;
  return isLatin1(content, encoding) ? new PyBytes(latin1(machine, content)) : undefined;
}

function isLatin1(content: PickleValue | undefined, encoding: PickleValue | undefined): content is string {
  const name = encoding instanceof PyBytes ? encoding.latin1 : encoding;
  return typeof content === 'string' && (name === 'latin1' || name === 'latin-1');
}

function latin1(machine: Machine, text: string): string {
  machine.spend(COST.leaf + text.length);
  const bytes = Buffer.from(text, 'latin1').toString('latin1');
  if (bytes !== text) throw machine.fault('bytes given as text beyond latin-1');
  return bytes;
}
