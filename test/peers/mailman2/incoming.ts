import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { numberOf, PyBytes, PyDict, PyFloat, PyInstance, PyTuple } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { mailboxesIn } from '../../../src/flow/mailboxes.ts';
import { decodeHeader, encodeHeader } from '../../../src/message/encoded-words.ts';
import { Message } from '../../../src/message/message.ts';
import { dict, type OpenList, text, write } from './list-file.ts';
import { log } from './logs.ts';
import { isMember } from './members.ts';
import { enqueue } from './queue-files.ts';

const NOT_ME_TOO = 2;
const NO_DUPLICATES = 256;
const MODERATED = 128;

/** Mailman's numbers of what happens to posts of those who are no members. */
const NONMEMBER_ACTIONS = ['accept', 'hold', 'reject', 'discard'] as const;

type Decision = (typeof NONMEMBER_ACTIONS)[number];

/** Takes one post through the list, whose lock is held. */
export function takePost(list: OpenList, content: string, isApproved: boolean): void {
  const message = Message.parse(Buffer.from(content, 'latin1'));
  const sender = senderOf(message);
  const reason = isApproved ? undefined : objection(list, sender);
  const id = message.headers.get('Message-ID') ?? 'n/a';
  const realName = text(list.config.get('real_name'));
  switch (reason?.decision) {
    case 'hold':
      hold(list, content, message, sender, reason.text);
      log(list.varDir, 'vette', `${realName} post from ${sender} held, message-id=${id}: ${reason.text}`);
      return;
    case 'discard':
      log(
        list.varDir,
        'vette',
        `Message discarded, msgid: ${id}'\n        list: ${realName},\n        handler: Moderate`,
      );
      return;
    case 'reject':
      log(
        list.varDir,
        'vette',
        `Message rejected, msgid: ${id}\n        list: ${realName},\n        handler: Moderate,\n        reason: Your message was rejected`,
      );
      return;
    default:
      accept(list, message, sender);
  }
}

function objection(
  { config }: OpenList,
  sender: string,
): { readonly decision: Decision; readonly text: string } | undefined {
  if (numberOf(config.get('emergency')))
    return { decision: 'hold', text: 'Emergency hold on all list traffic' };
  if (isMember(config, sender)) {
    if (!(options(config, sender) & MODERATED)) return undefined;
    const action = (['hold', 'reject', 'discard'] as const)[
      numberOf(config.get('member_moderation_action')) ?? 0
    ];
    return { decision: action ?? 'hold', text: 'Post to moderated list' };
  }
  const action = NONMEMBER_ACTIONS[numberOf(config.get('generic_nonmember_action')) ?? 1] ?? 'hold';
  if (action === 'accept') return undefined;
  return { decision: action, text: 'Post by non-member to a members-only list' };
}

function accept(list: OpenList, message: Message, sender: string): void {
  const { config } = list;
  const recipients = recipientsOf(config, message, sender);
  const number = numberOf(config.get('post_id')) ?? 1;
  cook(config, message, number);
  config.set(PyBytes.utf8('post_id'), new PyFloat(number + 1));
  config.set(PyBytes.utf8('last_post_time'), new PyFloat(Date.now() / 1000));
  if (numberOf(config.get('archive'))) archive(list, message, sender);
  decorate(config, message);
  enqueue(list.varDir, 'out', message.toBuffer().toString('latin1'), {
    listname: PyBytes.utf8(list.name),
    original_sender: PyBytes.utf8(sender),
    tolist: 1,
    recips: recipients.map((address) => PyBytes.utf8(address)),
  });
}

/** Into the mbox that pipermail is made from: with the headers of the list, without its footer. */
function archive({ varDir, name }: OpenList, message: Message, sender: string): void {
  const folder = join(varDir, 'archives/private', `${name}.mbox`);
  mkdirSync(folder, { recursive: true });
  const content = message
    .toBuffer()
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replace(/^From /gm, '>From ');
  const day = new Date().toUTCString().split(/[ ,]+/);
  const date = `${day[0]} ${day[2]} ${day[1]} ${day[4]} ${day[3]}`;
  appendFileSync(join(folder, `${name}.mbox`), `From ${sender} ${date}\n${content}\n`, 'latin1');
}

function recipientsOf(config: PyDict, message: Message, sender: string): string[] {
  const addressed = new Set(
    mailboxesIn(message.headers, 'To', 'Cc').map(({ address }) => address.toLowerCase()),
  );
  return [...dict(config, 'members')].flatMap(([key, value]) => {
    const address = text(key);
    if (isDisabled(config, address)) return [];
    const flags = options(config, address);
    if (flags & NOT_ME_TOO && address === sender) return [];
    if (flags & NO_DUPLICATES && addressed.has(address)) return [];
    return [value instanceof PyBytes ? value.latin1 : address];
  });
}

/** Prefix and headers of the list. */
function cook(config: PyDict, { headers }: Message, number: number): void {
  const prefix = text(config.get('subject_prefix')).replace(/%(0\d+)?d/, (_, width: string | undefined) =>
    String(number).padStart(Number(width ?? 0), '0'),
  );
  const subject = decodeHeader(headers.get('Subject') ?? '');
  headers.delete('Subject');
  headers.append('Subject', encodeHeader(`${prefix}${subject}`, 'us-ascii'));
  const [local, host] = [text(config.get('_internal_name')), text(config.get('host_name'))];
  const real = text(config.get('real_name'));
  const web = text(config.get('web_page_url'));
  headers.append('X-BeenThere', `${real.toLowerCase()}@${host}`);
  headers.append('X-Mailman-Version', '2.1.39');
  headers.append('Precedence', 'list');
  const name = local || real.toLowerCase();
  headers.append('List-Id', `<${name}.${host}>`);
  const command = (subject: string): string => `<mailto:${name}-request@${host}?subject=${subject}>`;
  headers.append('List-Unsubscribe', `<${web}options/${name}>, ${command('unsubscribe')}`);
  if (numberOf(config.get('archive')))
    headers.append('List-Archive', `<${web.replace(/mailman\/$/, '')}pipermail/${name}/>`);
  headers.append('List-Post', `<mailto:${name}@${host}>`);
  headers.append('List-Help', command('help'));
  headers.append('List-Subscribe', `<${web}listinfo/${name}>, ${command('subscribe')}`);
  headers.append('Errors-To', `${name}-bounces@${host}`);
  headers.append('Sender', `"${real}" <${name}-bounces@${host}>`);
}

/** Footer of plain text. */
function decorate(config: PyDict, { headers, root }: Message): void {
  const value = (key: string): string => text(config.get(key));
  const real = value('real_name');
  const name = value('_internal_name') || real.toLowerCase();
  const values: Readonly<Record<string, string>> = {
    real_name: real,
    host_name: value('host_name'),
    web_page_url: value('web_page_url'),
    cgiext: '',
    _internal_name: name,
    list_name: name,
  };
  const footer = text(config.get('msg_footer')).replace(
    /%\((\w+)\)s/g,
    (whole, key: string) => values[key] ?? whole,
  );
  if (root.contentType.type === 'text/plain' || headers.get('Content-Type') === undefined) {
    root.body = Buffer.concat([root.body, Buffer.from(footer.replace(/\n/g, '\r\n'), 'latin1')]);
  }
}

function hold(list: OpenList, content: string, message: Message, sender: string, reason: string): void {
  const { config, requests, varDir, name } = list;
  const id = numberOf(config.get('next_request_id')) ?? 1;
  config.set(PyBytes.utf8('next_request_id'), id + 1);
  const file = `heldmsg-${name}-${id}.pck`;
  write(join(varDir, 'data', file), writePickle(asMessageObject(content), 1));
  requests.set(
    id,
    new PyTuple([
      1,
      new PyTuple([
        new PyFloat(Date.now() / 1000),
        PyBytes.utf8(sender),
        new PyBytes(message.headers.get('Subject') ?? '(no subject)'),
        PyBytes.utf8(reason),
        PyBytes.utf8(file),
        new PyDict([[PyBytes.utf8('listname'), PyBytes.utf8(name)]]),
      ]),
    ]),
  );
}

/** An `email.Message` of a mail that has one part. */
function asMessageObject(content: string): PyInstance {
  const end = content.search(/\r?\n\r?\n/);
  const head = content.slice(0, end).replace(/\r\n/g, '\n');
  const body = content
    .slice(end)
    .replace(/^\r?\n\r?\n/, '')
    .replace(/\r\n/g, '\n');
  const fields = head.split(/\n(?![ \t])/).map((field) => {
    const colon = field.indexOf(':');
    return new PyTuple([
      new PyBytes(field.slice(0, colon)),
      new PyBytes(field.slice(colon + 1).replace(/^ /, '')),
    ]);
  });
  const attributes = new PyDict();
  for (const [key, value] of [
    ['_headers', fields],
    ['_payload', new PyBytes(body)],
    ['preamble', null],
    ['epilogue', null],
    ['_unixfrom', null],
    ['_charset', null],
    ['_default_type', PyBytes.utf8('text/plain')],
    ['defects', []],
    ['__version__', new PyTuple([1, 2])],
  ] as const) {
    attributes.set(PyBytes.utf8(key), Array.isArray(value) ? [...value] : (value as null));
  }
  return PyInstance.oldStyle('Mailman.Message', 'Message', attributes);
}

export function senderOf({ headers }: Message): string {
  return mailboxesIn(headers, 'From')[0]?.address.toLowerCase() ?? '';
}

function options(config: PyDict, address: string): number {
  return numberOf(dict(config, 'user_options').get(address)) ?? 0;
}

function isDisabled(config: PyDict, address: string): boolean {
  const status = dict(config, 'delivery_status').get(address);
  return status instanceof PyTuple && numberOf(status.items[0]) !== 0;
}
