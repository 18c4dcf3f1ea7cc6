/**
 * The commands in `bin`, as far as they are needed: `node tools.ts NAME BIN VAR ARGUMENTS...`, and what a moderator does in the
 * browser: `admindb LIST approve|discard ID`.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { numberOf, PyBytes, PyDict, PyInstance, PyTuple } from '../../../migrate/pickle/values.ts';
import { changeMembers } from './handover.ts';
import { changeList, dict, type OpenList, readList, text } from './list-file.ts';
import { log } from './logs.ts';
import { addMember, removeMember } from './members.ts';
import { enqueue, takeUpAgain } from './queue-files.ts';

const [tool = '', binDir = '', varDir = '', ...argv] = process.argv.slice(2);
const parameters = argv.filter((word) => !word.startsWith('-'));

switch (tool) {
  case 'list_members': {
    const { config } = readList(varDir, parameters[0] ?? '');
    for (const name of ['members', 'digest_members']) {
      for (const address of dict(config, name).keys.map(text).sort()) process.stdout.write(`${address}\n`);
    }
    break;
  }
  case 'add_members': {
    const file = argv[argv.indexOf('-r') + 1] ?? '-';
    const list = parameters.at(-1) ?? '';
    await changeList(varDir, list, (open) => {
      for (const address of lines(file)) {
        const isNew = addMember(open, address, 'bin/add_members');
        process.stdout.write(`${isNew ? 'Subscribed' : 'Already a member'}: ${address}\n`);
      }
    });
    break;
  }
  case 'remove_members': {
    const [list = '', ...named] = parameters;
    const file = argv.includes('-f') ? argv[argv.indexOf('-f') + 1] : undefined;
    const listName = file === undefined ? list : (parameters[1] ?? list);
    await changeList(varDir, listName, (open) => {
      for (const address of file === undefined ? named : lines(file)) {
        if (!removeMember(open, address.toLowerCase(), 'bin/remove_members'))
          process.stdout.write(`No such member: ${address}\n`);
      }
    });
    break;
  }
  case 'withlist': {
    // -q -l -r MODULE.FUNCTION LIST, of which one module is known: it must lie beside the commands, as for the real one.
    const [call = '', list = ''] = parameters;
    const [module = '', way = ''] = call.split('.');
    readFileSync(join(binDir, `${module}.py`));
    await changeList(varDir, list, (open) => {
      process.stdout.write('ready\n');
      const members = lines('-');
      if (members.pop() === 'end') changeMembers(open, way, members);
    });
    break;
  }
  case 'qrunner': {
    // -r Retry -o, of all its runners.
    takeUpAgain(varDir);
    break;
  }
  case 'admindb': {
    const [list = '', action = '', id = ''] = parameters;
    await changeList(varDir, list, (open) => handle(open, action, Number(id)));
    break;
  }
  default:
    process.stderr.write(`${tool}: no such command\n`);
    process.exitCode = 1;
}

function lines(file: string): string[] {
  const content = readFileSync(file === '-' ? 0 : file, 'utf8');
  return content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function handle(open: OpenList, action: string, id: number): void {
  const request = open.requests.get(id);
  if (!(request instanceof PyTuple) || numberOf(request.items[0]) !== 1)
    throw new Error(`no held post ${id}`);
  const data = request.items[1];
  if (!(data instanceof PyTuple)) throw new Error(`request ${id} has no data`);
  const [, sender, subject, , file] = data.items;
  const path = join(varDir, 'data', text(file));
  const held = readPickle(readFileSync(path));
  if (!(held instanceof PyInstance)) throw new Error(`${path} holds no message`);
  const content = flatten(held);
  if (action === 'approve') {
    enqueue(varDir, 'in', content, {
      listname: PyBytes.utf8(open.name),
      tolist: 1,
      approved: 1,
      adminapproved: 1,
    });
    const messageId = /^message-id: *(.*)$/im.exec(content)?.[1] ?? 'n/a';
    log(varDir, 'vette', `${open.name}: held message approved, message-id: ${messageId}`);
  } else {
    log(
      varDir,
      'vette',
      `${open.name}: Discarded posting:\n\tFrom: ${text(sender)}\n\tSubject: ${text(subject)}`,
    );
  }
  rmSync(path);
  open.requests = new PyDict([...open.requests].filter(([key]) => key !== id));
}

function flatten(message: PyInstance): string {
  const headers = message.get('_headers');
  const fields = Array.isArray(headers)
    ? headers.map((field) => (field instanceof PyTuple ? field.items.map(text).join(': ') : ''))
    : [];
  return `${fields.join('\n')}\n\n${text(message.get('_payload'))}`.replace(/\r?\n/g, '\r\n');
}
