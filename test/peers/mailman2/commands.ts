import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { numberOf, PyBytes, PyDict, PyFloat, PyInstance, PyTuple } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { Message } from '../../../src/message/message.ts';
import { senderOf } from './incoming.ts';
import { type OpenList, text, write } from './list-file.ts';
import { log } from './logs.ts';
import { addMember, isMember, removeMember } from './members.ts';
import { enqueue, type QueueFile } from './queue-files.ts';

/** Seconds that a token can be used. */
const PENDING_LIFE = 3 * 86_400;

const TOKEN = /^(?:re: *)?confirm +([0-9a-f]{40})$/i;
const TOKEN_ADDRESS = /\+([0-9a-f]{40})@/;

/** Does what a mail to one of the list's addresses for commands asks for: join, leave, confirm. */
export function takeCommand(list: OpenList, file: QueueFile): void {
  const message = Message.parse(Buffer.from(file.message, 'latin1'));
  const sender = senderOf(message);
  const isFor = (flag: string): boolean => numberOf(file.metadata.get(flag)) === 1;
  if (isFor('tojoin')) join21(list, sender);
  else if (isFor('toleave')) leave(list, sender);
  else confirm(list, tokenIn(message) ?? '');
}

function tokenIn({ headers }: Message): string | undefined {
  const inAddress = TOKEN_ADDRESS.exec(headers.get('To') ?? '');
  return (inAddress ?? TOKEN.exec((headers.get('Subject') ?? '').trim()))?.[1];
}

function join21(list: OpenList, sender: string): void {
  if (isMember(list.config, sender)) return;
  if (!((numberOf(list.config.get('subscribe_policy')) ?? 1) & 1)) {
    addMember(list, sender, sender);
    return;
  }
  const person = new PyDict();
  for (const [key, value] of [
    ['address', PyBytes.utf8(sender)],
    ['fullname', PyBytes.utf8('')],
    ['password', PyBytes.utf8(randomBytes(4).toString('hex'))],
    ['digest', 0],
    ['language', PyBytes.utf8('en')],
  ] as const) {
    person.set(PyBytes.utf8(key), value);
  }
  const described = PyInstance.oldStyle('Mailman.UserDesc', 'UserDesc', person);
  askBack(list, sender, new PyTuple([PyBytes.utf8('S'), described]));
  log(list.varDir, 'subscribe', `${list.name}: pending  <${sender}>  ${sender}`);
}

function leave(list: OpenList, sender: string): void {
  if (isMember(list.config, sender))
    askBack(list, sender, new PyTuple([PyBytes.utf8('U'), PyBytes.utf8(sender)]));
}

function confirm(list: OpenList, token: string): void {
  const pending = readPending(list);
  const entry = pending.get(token);
  if (!(entry instanceof PyTuple)) return;
  const [op, what] = entry.items;
  if (text(op) === 'S' && what instanceof PyInstance)
    addMember(list, text(what.get('address')), 'via email confirmation');
  else if (text(op) === 'U') removeMember(list, text(what), 'email confirmation');
  const isOther = ([key]: readonly [unknown, unknown]): boolean => text(key as PyBytes) !== token;
  const evictions = pending.get('evictions');
  const kept = new PyDict([...pending].filter(isOther));
  kept.set(
    PyBytes.utf8('evictions'),
    new PyDict(evictions instanceof PyDict ? [...evictions].filter(isOther) : []),
  );
  writePending(list, kept);
}

/** Gives out a token, and sends it to the address that it is about. */
function askBack(list: OpenList, address: string, entry: PyTuple): void {
  const token = createHash('sha1').update(randomBytes(16)).digest('hex');
  const pending = readPending(list);
  const evictions = pending.get('evictions');
  pending.set(PyBytes.utf8(token), entry);
  const dates = evictions instanceof PyDict ? evictions : new PyDict();
  dates.set(PyBytes.utf8(token), new PyFloat(Date.now() / 1000 + PENDING_LIFE));
  pending.set(PyBytes.utf8('evictions'), dates);
  writePending(list, pending);
  const host = text(list.config.get('host_name'));
  const lines = [
    ...[`From: ${list.name}-request@${host}`, `To: ${address}`, `Subject: confirm ${token}`],
    ...[`Reply-To: ${list.name}-request@${host}`, 'Auto-Submitted: auto-replied'],
    ...[`Message-ID: <mailman.0.${Date.now()}.${process.pid}.${list.name}@${host}>`],
    ...[`Date: ${new Date().toUTCString().replace('GMT', '+0000')}`, 'Precedence: bulk'],
    ...[`X-BeenThere: ${list.name}@${host}`, 'X-Mailman-Version: 2.1.39'],
    ...[`List-Id: <${list.name}.${host}>`, 'X-List-Administrivia: yes'],
    ...[`Errors-To: ${list.name}-bounces@${host}`, `Sender: "${list.name}" <${list.name}-bounces@${host}>`],
    ...['', 'Please reply to this mail, its subject as it is.', ''],
  ];
  enqueue(list.varDir, 'virgin', lines.join('\r\n'), {
    listname: PyBytes.utf8(list.name),
    nodecorate: 1,
    recips: [PyBytes.utf8(address)],
  });
}

function readPending({ varDir, name }: OpenList): PyDict {
  const file = join(varDir, 'lists', name, 'pending.pck');
  const found = existsSync(file) ? readPickle(readFileSync(file)) : undefined;
  if (found instanceof PyDict) return found;
  return new PyDict([
    [PyBytes.utf8('evictions'), new PyDict()],
    [PyBytes.utf8('version'), 2],
  ]);
}

/** At once, as Mailman does: not when the list is saved. */
function writePending({ varDir, name }: OpenList, pending: PyDict): void {
  const file = join(varDir, 'lists', name, 'pending.pck');
  const fresh = `${file}.tmp.${process.pid}.${Math.floor(Date.now() / 1000)}`;
  write(fresh, writePickle(pending, 0));
  renameSync(fresh, file);
}
