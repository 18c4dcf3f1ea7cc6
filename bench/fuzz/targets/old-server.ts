import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventOf, isUnfinished, logLines } from '../../../compat/cutover/logs/events.ts';
import { attributeNamed } from '../../../compat/tools/config-list/attributes.ts';
import { checkValue } from '../../../compat/tools/config-list/check-value.ts';
import { readAssignments } from '../../../compat/tools/config-list/python-source.ts';
import { pythonRepr } from '../../../compat/tools/pretty-print.ts';
import { readRequests } from '../../../migrate/held/requests.ts';
import { TextDecoding } from '../../../migrate/import21/charset.ts';
import { readConfirmations } from '../../../migrate/pending/confirmations.ts';
import { messageIdOfPage, PAGE_HEAD } from '../../../migrate/pipermail/article-page.ts';
import { readArticleDatabase, readPipermailState } from '../../../migrate/pipermail/databases.ts';
import { readQueueFile } from '../../../migrate/queues/queue-files.ts';
import { parseMmCfg } from '../../../migrate/site/mm-cfg.ts';
import { FerrymanError } from '../../../src/errors.ts';
import { pickles as seeds } from '../corpus.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';
import { pickleMaterial } from './pickles.ts';

/** A refusal with a reason is an answer. */
function refusing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    return undefined;
  }
}

const articleMaterial: Material = {
  seeds: [
    Buffer.from(
      '<HTML><HEAD><TITLE> [Ant] x</TITLE><LINK REL="Index" HREF="index.html" ><LINK REL="made" HREF="mailto:ant%40' +
        'example.com?Subject=Re%3A%20x&In-Reply-To=%3Ca%40b.example%3E"></HEAD><BODY><H1>x</H1><!--beginarticle--><PRE>',
    ),
    // A marshalled dict of a Message-ID and a pickle.
    Buffer.from('{s\x03\0\0\0a@bs\x1a\0\0\0(iMailman.Archiver\nArt\np0\n0.0', 'latin1'),
    Buffer.from("(dp0\nS'archives'\np1\n(lp2\nS'2024-March'\np3\nasS'sequence'\np4\nI7\ns.", 'latin1'),
  ],
  tokens: [
    ...['HREF="mailto:', 'In-Reply-To=', '%3C', '%40', '%', '&lt;', '&amp;', '"', '?', '<', '>', '\n'],
    ...[
      '{',
      '(',
      '[',
      's',
      't',
      'R',
      'i',
      'I',
      'l',
      'f',
      'N',
      '0',
      'T',
      '<',
      '\0\0\0\0',
      '\xff\xff\xff\x7f',
      '\x03\0\0\0abc',
    ],
    ...['S', 'I', '(lp1\n', '(dp1\n', 'a', 's', '.', "S'x'\n", 'I99999999999\n', "S'sequence'\n"],
  ],
};

/** Pages and databases of pipermail. */
export const pipermail: Target = {
  name: 'pipermail',
  make: (random) => makeInput(random, articleMaterial),
  read: (input) => {
    const id = messageIdOfPage(input.subarray(0, PAGE_HEAD));
    expectThat(id === undefined || (id !== '' && !/[<>\r\n]/.test(id)), 'a Message-ID is a bare one');
    const found = refusing(() => readArticleDatabase(input));
    for (const { number } of found?.articles ?? []) expectThat(number >= 0, 'a number is a number');
    readPipermailState(input);
  },
};

const pythonMaterial: Material = {
  seeds: [
    Buffer.from(
      "# -*- python -*-\n## settings\nreal_name = 'Ant'\nowner = ['anne@example.com', \"bart@example.com\"]\n" +
        'info = """A list.\nFor \\"ants\\"."""\ntopics = [(\'T\', \'^x\', u\'d\\xe9\', 0)]\nmax_message_size = 40\n' +
        'header_filter_rules = [("^x: y", 3, False)]\nbounce_score_threshold = 5.0\n',
    ),
    Buffer.from(
      "from Defaults import *\nDEFAULT_URL_HOST = 'www.example.com'\nadd_virtualhost(DEFAULT_URL_HOST, 'example.com')\n" +
        "MTA = 'Postfix'\nPENDING_REQUEST_LIFE = days(3) + hours(2)\nPOSTFIX_STYLE_VIRTUAL_DOMAINS.append('a')\nX = 2 ** 8\n",
    ),
  ],
  tokens: [
    ...[
      '=',
      ' = ',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ',',
      ':',
      '\n',
      '\\\n',
      '\\',
      '#',
      ' ',
      '\t',
      ';',
      '.',
      '+',
      '*',
      '-',
    ],
    ...["'", '"', "'''", '"""', "u'", "b'", "r'", '\\x', '\\u00e4', '\\N{', '\\0', '\\777', '%'],
    ...[
      '0x',
      '1e999',
      '0L',
      '1.5',
      '-7',
      'True',
      'None',
      'days(',
      'add_virtualhost(',
      'import os',
      '__import__("os")',
      'if x:',
    ],
    ...[
      'real_name',
      'owner',
      '__proto__',
      'constructor',
      '\xff',
      'é',
      '\0',
      '['.repeat(200),
      '('.repeat(200),
    ],
  ],
};

/** The file that config_list -i reads; what Python's repr makes of a value is read as the same value. */
export const configList: Target = {
  name: 'config_list',
  make: (random) => makeInput(random, pythonMaterial),
  read: (input) => {
    const read = (source: string) =>
      refusing(() => readAssignments(source, (bytes) => Buffer.from(bytes, 'latin1').toString('latin1')));
    for (const { name, value } of read(input.toString('latin1')) ?? []) {
      const attribute = attributeNamed(name);
      if (attribute) checkValue(attribute, value);
      const written = pythonRepr(value);
      const [again] = read(`x = ${written}\n`) ?? [];
      expectThat(again !== undefined && pythonRepr(again.value) === written, 'what is written is read again');
    }
  },
};

/** A site's mm_cfg.py; nothing of it is run. */
export const mmCfg: Target = {
  name: 'mm_cfg.py',
  make: (random) => makeInput(random, pythonMaterial),
  read: (input) => {
    const { settings, virtualHosts, notUnderstood } = refusing(() => parseMmCfg(input)) ?? {
      settings: new Map(),
      virtualHosts: new Map(),
      notUnderstood: [],
    };
    const lines = input.toString('latin1').split(/\r\n?|\n/).length;
    expectThat(settings.size <= input.length && virtualHosts.size <= input.length, 'settings are few');
    for (const { line } of notUnderstood) expectThat(line >= 1 && line <= lines, 'the line is in the file');
  },
};

const LOG = [
  'Mar 15 09:00:00 2024 (4711) post to ant from anne@example.com, size=1234, message-id=<a@b>, success',
  'Mar 15 09:00:01 2024 (4711) <a@b> smtp to ant for 3 recips, completed in 0.012 seconds',
  'Mar 15 09:00:02 2024 (4711) Ant post from x@example.com held, message-id=<c@d>: Post by non-member',
  "Mar 15 09:00:03 2024 (4711) Message discarded, msgid: <e@f>'",
  '        list: ant,',
  '        handler: SpamDetect,',
  '        reason: spam',
  'Mar 15 09:00:04 2024 (4711) ant: Refused posting:',
  '\tFrom: x@example.com',
  '\tSubject: hello',
  'Mar 15 09:00:05 2024 (4711) delivery to z@example.org failed with code 550: no',
  '',
];

const logMaterial: Material = {
  seeds: [Buffer.from(LOG.join('\n'))],
  tokens: [
    ...LOG.map((line) => `${line}\n`),
    ...[
      ' post to ',
      ' from ',
      ', size=',
      ', message-id=',
      ', success',
      ' failures',
      ' smtp to ',
      ' for ',
      ' recips',
    ],
    ...[
      '(4711) ',
      'Mar 15 09:00:00 2024 ',
      'Foo 99 99:99:99 9999 (1) ',
      '\n',
      '\r\n',
      '\t',
      '        ',
      ',',
      "'",
      '\0',
      '\xff',
    ],
  ],
};

/** The logs of a Mailman 2.1 beside which Ferryman runs. */
export const logs: Target = {
  name: 'mailman 2 logs',
  make: (random) => makeInput(random, logMaterial),
  read: (input) => {
    const text = input.toString('latin1');
    for (const line of logLines(text)) {
      const event = eventOf(line);
      isUnfinished(line.text);
      if (!event) continue;
      if ('list' in event)
        expectThat(event.list === event.list.toLowerCase(), 'names of lists are in lower case');
      if (event.kind === 'sent') expectThat(Number.isFinite(event.recipients), 'a count is a number');
    }
  },
};

const FILES = ['queue.pck', 'request.pck', 'pending.pck'];

/** One file under several names: making files takes longer than reading them. */
let place: { readonly folder: string; readonly file: number } | undefined;

function openPlace(): { readonly folder: string; readonly file: number } {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-fuzz-'));
  const file = openSync(join(folder, 'file'), 'w');
  for (const name of FILES) symlinkSync('file', join(folder, name));
  return { folder, file };
}

/** What lies in qfiles, pending.pck and request.pck of a list. */
export const waiting: Target = {
  name: 'waiting on disk',
  make: (random) => makeInput(random, { ...pickleMaterial, seeds }),
  read: (input) => {
    place ??= openPlace();
    const { folder, file } = place;
    ftruncateSync(file);
    writeSync(file, input, 0, input.length, 0);
    const list = { folder, texts: new TextDecoding('utf-8') };
    const path = join(folder, 'queue.pck');
    const entry = refusing(() => readQueueFile({ queue: 'in', name: 'queue.pck', path }));
    const most = input.length * 20 + 100_000;
    if (entry) expectThat(entry.message.length <= most, 'a message is not much larger than its file');
    refusing(() => readRequests(list));
    refusing(() => readConfirmations(list));
  },
  close: async () => {
    if (!place) return;
    closeSync(place.file);
    rmSync(place.folder, { recursive: true });
    place = undefined;
  },
};
