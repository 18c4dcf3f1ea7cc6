import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../../src/config/index.ts';
import { type Authentication, authenticate } from '../../../src/flow/arc/authenticate.ts';
import {
  formatAuthenticationResults,
  formatResult,
  parseAuthenticationResults,
} from '../../../src/flow/arc/authentication-results.ts';
import { arcSetFor } from '../../../src/flow/arc/seal.ts';
import { isDmarcRecord, policyIn } from '../../../src/flow/dmarc/record.ts';
import { splitHeaders } from '../../../src/message/header-section.ts';
import { Message } from '../../../src/message/message.ts';
import { type UtcTime, utcFromEpoch } from '../../../src/model/time.ts';
import { receivedMessage } from '../../../src/mta/reception.ts';
import type { DnsResolver } from '../../../src/queue/step.ts';
import { sampleList } from '../../../test/database/samples.ts';
import { defaultConfig } from '../../../test/support/services.ts';
import { mails } from '../corpus.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const resultMaterial: Material = {
  seeds: [
    'example.com; none',
    'mx.example.com 1; dkim=pass (good) header.d=example.com header.s=s1; spf=fail smtp.mailfrom=a@b.example',
    'example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; dmarc=reject header.from="ex ample"',
    'foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (x) . (y) expired (z) = 1',
  ].map((text) => Buffer.from(text)),
  tokens: [
    ...[';', '=', '(', ')', '"', '\\', '/', '.', ' ', '\t', '\r\n ', '\0', '\x7f', 'ä', '\u2028'],
    ...['dkim=pass', 'arc=fail', 'dmarc=', 'spf=none', 'header.d=', 'header.from=', 'smtp.mailfrom=', '1'],
    ...['(a (b) c)', '(\\))', '"a\\"b"', 'policy.x = 1', 'reason="', 'dkim/1=pass', 'x'.repeat(300)],
    ...['v=DMARC1;', 'p=reject', 'sp=none', 'p = quarantine', 'P=none', 'np=', 'pct=0'],
  ],
};

/** Fields Authentication-Results and records of DMARC, and such fields that are written from them. */
export const results: Target = {
  name: 'authentication results',
  make: (random) => makeInput(random, resultMaterial),
  read: (input) => {
    const value = input.toString('latin1');
    const parsed = parseAuthenticationResults(value.replace(/[\r\n]/g, ' '));
    if (parsed) {
      const again = written(
        'example.com',
        parsed.results.map(({ text }) => text),
      );
      expectThat(names(again) === names(parsed.results), 'what was read is read again');
    }
    const [one = '', two = ''] = value.split(';');
    const own = formatResult('dkim', 'pass', { comment: one, properties: { 'header.d': two } });
    const [found, ...more] = written('example.com', [own]);
    expectThat(
      found?.method === 'dkim' && found.result === 'pass' && more.length === 0,
      'a value adds nothing',
    );
    expectThat((found?.properties.size ?? 0) <= 1, 'a value adds no property');
    if (isDmarcRecord(value)) policyIn(value, ['sp', 'p']);
  },
};

/** Reads a field that we have written. */
function written(server: string, texts: readonly string[]) {
  const value = formatAuthenticationResults(server, texts);
  expectThat(!/\p{Cc}/u.test(value.replace(/[\x80-\x9f]/g, '')), 'a field is one line');
  const read = parseAuthenticationResults(value);
  // Longer ones are not read; those who write so much get nothing for it.
  return value.length > 16_384 ? [] : (read?.results ?? []);
}

function names(found: readonly { readonly method: string; readonly result: string }[]): string {
  return found.map(({ method, result }) => `${method}=${result}`).join(' ');
}

/** The example key of RFC 8463. */
const KEY = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  },
});
const RECORD = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-fuzz-key-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const privkey = join(folder, 'key.pem');
writeFileSync(privkey, KEY.export({ type: 'pkcs8', format: 'pem' }));

const shipped = defaultConfig();
const config: Config = {
  ...shipped,
  ARC: {
    ...shipped.ARC,
    enabled: true,
    dkim: true,
    dmarc: true,
    domain: 'example.com',
    selector: 'arc',
    privkey,
    trusted_authserv_ids: ['mx.example.com'],
  },
};
const now = utcFromEpoch(1_700_000_000) as UtcTime;
const list = sampleList('ant');

/** Fields of a mail that is checked before and after three are put in front. */
const MOST_CHECKED = 997;

const SIGNATURE = 'a=ed25519-sha256; d=example.com; s=arc; t=1700000000; ';

const mailMaterial: Material = {
  seeds: mails,
  tokens: [
    ...['\r\n', '\n', '\r', ' ', '\t', '\0', ':', ';', '=', 'ä'],
    ...['From: a@b.example\r\n', 'From: a@b.example, c@d.example\r\n', 'From: <>\r\n', 'Subject: ', 'To: '],
    `DKIM-Signature: v=1; ${SIGNATURE}c=relaxed/simple; h=from:to; bh=AAAA; b=AAAA\r\n`,
    'DKIM-Signature: v=1; a=rsa-sha256; d=big.example; s=x; l=0; h=from; bh=47DEQpj8HBSa; b=AAAA\r\n',
    `ARC-Authentication-Results: i=1; mx.example.com; dkim=pass\r\n`,
    `ARC-Message-Signature: i=1; ${SIGNATURE}c=relaxed/relaxed; h=from; bh=AAAA; b=AAAA\r\n`,
    `ARC-Seal: i=1; ${SIGNATURE}cv=none; b=AAAA\r\n`,
    `ARC-Seal: i=2; ${SIGNATURE}cv=fail; b=AAAA\r\n`,
    'Authentication-Results: mx.example.com; dkim=pass header.d=b.example; arc=pass\r\n',
    ...['i=0;', 'i=51;', 'i=2;', 'cv=pass;', 'l=5;', 'x=1;', 'q=dns/txt;', 'h=', 'bh=', 'b=', 's=..;', 'd=;'],
    '\r\n\r\n',
  ],
};

/** What name servers say: our key, policies, and nonsense. */
const ANSWERS: readonly (readonly string[] | Error)[] = [
  [RECORD],
  ['v=DMARC1; p=reject; sp=none'],
  ['v=DKIM1; p='],
  ['v=DKIM1; k=rsa; p=AAAA', 'v=DMARC1'],
  ['\0\xff'.repeat(2000)],
  Object.assign(new Error('ESERVFAIL'), { code: 'ESERVFAIL' }),
  Object.assign(new Error('ENODATA'), { code: 'ENODATA' }),
];

/** Checks a mail, seals it, and checks what goes out: as far as it came unbroken, receivers find an unbroken chain. */
export const signatures: Target = {
  name: 'signatures',
  make: (random) => makeInput(random, mailMaterial).subarray(0, 20_000),
  read: async (input) => {
    const message = Message.parse(receivedMessage(input, 'anne@example.com'));
    const { authentication } = await check(message);
    const bytes = message.toBuffer();
    const set = await arcSetFor(
      { config, clock: { now: () => now }, log: () => {} },
      list,
      { authentication },
      bytes,
    );
    if (set.length === 0) return;
    const sealed = Buffer.concat([Buffer.from(set.map(({ raw }) => raw).join(''), 'latin1'), bytes]);
    const again = await check(Message.parse(sealed));
    // After two questions that nobody answered, the key is not asked for.
    if (!isReadable(bytes) || again.unanswered > 1) return;
    const [before, after] = [authentication.chain, again.authentication.chain];
    expectThat(after === (before === 'fail' ? 'fail' : 'pass'), `a sealed ${before} is ${after}`);
  },
};

/** Whether headers are few, and all readers agree what is one; nothing is said of the chain of other mails. */
function isReadable(bytes: Buffer): boolean {
  const { headers, separator, body } = splitHeaders(bytes);
  if (headers.length > MOST_CHECKED) return false;
  return headers.every(({ name }) => name !== '') && (separator !== '' || body.length === 0);
}

async function check(message: Message): Promise<{ authentication: Authentication; unanswered: number }> {
  let questions = 0;
  let unanswered = 0;
  const resolver: DnsResolver = {
    resolveTxt: async (name) => {
      questions += 1;
      if (name === 'arc._domainkey.example.com') return [[RECORD]];
      const sum = [...name].reduce((total, character) => total + character.charCodeAt(0), 0);
      const answer = ANSWERS[sum % ANSWERS.length] ?? [];
      if (answer instanceof Error) {
        if (answer.message === 'ESERVFAIL') unanswered += 1;
        throw answer;
      }
      return answer.map((record) => [record]);
    },
  };
  const authentication = await authenticate(message, {
    ARC: config.ARC,
    server: 'example.com',
    resolver,
    now,
  });
  expectThat(questions <= 100, 'questions are few');
  const read = written('example.com', authentication.results);
  const length = authentication.results.join('; ').length;
  expectThat(length > 16_000 || read.length === authentication.results.length, 'every result can be read');
  return { authentication, unanswered };
}
