import { readOldUrl } from '../../../src/archiving/legacy/old-url.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { createList } from '../../../src/lists/create.ts';
import { listRules } from '../../../src/lists/rules.ts';
import type { HttpAnswer } from '../../../src/rest/answer.ts';
import { RestError } from '../../../src/rest/errors.ts';
import { KeptAnswers } from '../../../src/rest/kept-answers.ts';
import { parseJsonBody } from '../../../src/rest/python-json.ts';
import { type Site as RestSite, respond } from '../../../src/rest/respond.ts';
import { Router } from '../../../src/rest/router.ts';
import { routes } from '../../../src/rest/routes.ts';
import { testServices } from '../../../test/support/services.ts';
import { mail, makeSite, type Site } from '../../../test/web/site.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const restMaterial: Material = {
  seeds: [
    'GET /3.1/lists?count=5&page=1 \n',
    'POST /3.1/lists application/x-www-form-urlencoded\nfqdn_listname=bee@example.com',
    'PATCH /3.1/lists/ant.example.com/config application/json\n{"description": "x", "accept_these_nonmembers": ["^a"]}',
    'PUT /3.0/lists/ant.example.com/config/subject_prefix application/x-www-form-urlencoded\nsubject_prefix=%5BA%5D',
    'POST /3.1/members application/json\n{"list_id": "ant.example.com", "subscriber": "b@example.com", "pre_verified": true}',
    'GET /3.1/users/anne@example.com/addresses \n',
    'POST /3.1/queues/in application/x-www-form-urlencoded\nlist_id=ant.example.com&text=Subject%3A%20x%0A%0Ay',
    'POST /3.1/lists/ant.example.com/held/1 application/x-www-form-urlencoded\naction=discard',
    'GET /3.1/members/find?subscriber=a*&role=member \n',
    'DELETE /3.1/domains/example.org \n',
  ].map((text) => Buffer.from(text)),
  tokens: [
    ...[
      'GET',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'HEAD',
      ' ',
      '\n',
      '/3.1/',
      '/3.0/',
      '/',
      '//',
      '?',
      '&',
      '=',
      '%',
      '%00',
      '%2F',
      '%FF',
    ],
    ...[
      'lists',
      'members',
      'users',
      'addresses',
      'domains',
      'system',
      'queues',
      'bans',
      'templates',
      'owners',
      'preferences',
      'config',
      'held',
      'requests',
    ],
    ...[
      'ant.example.com',
      'anne@example.com',
      'bart@example.com',
      'roster/member',
      'header-matches',
      'subscribed/',
      'uris',
      'find',
      'styles',
      'count=',
      'page=',
      '-1',
      '99999999999999999999',
    ],
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'null',
      'true',
      'NaN',
      'Infinity',
      '1e999',
      '\\u0000',
      '\\ud800',
      '"__proto__"',
      '[['.repeat(100),
    ],
    ...[
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'é',
      '\0',
      '\xff',
      'a'.repeat(300),
    ],
  ],
};

let rest: Promise<{ readonly site: RestSite; readonly close: () => Promise<void> }> | undefined;
let restCalls = 0;

/** Calls before the database is made anew: what is there is deleted by and by. */
const CALLS = 500;

async function openRest() {
  const database = await openDatabase('sqlite:///:memory:');
  const services = testServices(database);
  await database.transaction((connection) =>
    createList(
      connection,
      {
        address: 'ant@example.com',
        style: 'legacy-default',
        language: 'en',
        owners: ['anne@example.com'],
        createDomain: true,
      },
      listRules(services.config),
    ),
  );
  const site = {
    services,
    router: new Router(routes),
    root: 'http://localhost:8001',
    kept: new KeptAnswers(),
  };
  return { site, close: () => database.close() };
}

async function closeRest(): Promise<void> {
  await (await rest)?.close();
  rest = undefined;
}

/** The REST API: every request has an answer, and none is that the server failed. */
export const restRequests: Target = {
  name: 'rest',
  make: (random) => {
    const input = makeInput(random, restMaterial).subarray(0, 20_000);
    if (random.once(3)) return input;
    // A route that there is, so that it is the body that is odd.
    const [line = ''] = random.pick(restMaterial.seeds).toString().split('\n');
    return Buffer.concat([Buffer.from(`${line}\n`), input.subarray(input.indexOf('\n') + 1)]);
  },
  read: async (input) => {
    restCalls += 1;
    if (restCalls % CALLS === 0) await closeRest();
    rest ??= openRest();
    const { site } = await rest;
    const text = input.toString('latin1');
    const end = text.indexOf('\n');
    const [method = '', target = '', ...type] = (end < 0 ? text : text.slice(0, end)).split(' ');
    const body = end < 0 ? undefined : input.subarray(end + 1);
    const contentType = type.join(' ').trim();
    const answer = await respond(
      site,
      { method, target, contentType: contentType === '' ? undefined : contentType, body },
      async () => {},
    );
    checkAnswer(answer);
    if (body) readJson(body.toString('utf8'));
  },
  close: closeRest,
};

function checkAnswer({ status, headers, body }: HttpAnswer): void {
  expectThat(status >= 200 && status < 500, `the answer is no ${status}`);
  for (const value of Object.values(headers)) expectThat(!/[\r\n\0]/.test(value), 'a header is one line');
  if (headers['content-type']?.startsWith('application/json') && body.length > 0)
    JSON.parse(body.toString('utf8'));
}

/** What Python's own reader takes for JSON, or a refusal. */
function readJson(text: string): void {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
  }
}

const pathMaterial: Material = {
  seeds: [
    '/pipermail/ant/2024-March/000001.html',
    '/pipermail/ant/2024-March/thread.html',
    '/pipermail/ant/2024-March.txt.gz',
    '/pipermail/ant/attachments/20240304/1234abcd/attachment.html',
    '/mailman/private/ant/2024q1/date.html',
    '/mailman/listinfo/ant',
    '/mailman/options/ant/anne--at--example.com?language=de',
    '/mailman/confirm/ant/0123456789abcdef0123456789abcdef01234567',
    '/cgi-bin/mailman/admindb/ant?msgid=1',
    '/archives/list/ant@example.com/search/?q=%22a+b%22&from=x&after=2024-01-01',
    '/archives/list/ant@example.com/2024/3/?page=2',
    '/hyperkitty/list/ant@example.com/thread/X/',
  ].map((text) => Buffer.from(text)),
  tokens: [
    ...[
      '/',
      '//',
      '..',
      '../',
      '%2e%2e%2f',
      '%00',
      '%0d%0aX:y',
      '%',
      '%FF',
      '%C3%28',
      '?',
      '&',
      '=',
      '+',
      '#',
      ';',
      '\\',
      '@',
      ':',
    ],
    ...[
      'pipermail',
      'mailman',
      'private',
      'listinfo',
      'admin',
      'admindb',
      'options',
      'confirm',
      'subscribe',
      'roster',
      'create',
      'rmlist',
      'edithtml',
    ],
    ...[
      'ant',
      'ANT',
      'ant@example.com',
      '2024-March',
      '2024q1',
      '20240304',
      'Week-of-Mon-20240304',
      '000001.html',
      '.mbox',
      '.txt.gz',
      'index.html',
      'date.html',
    ],
    ...[
      'q=',
      'page=',
      '-1',
      '1e9',
      '9'.repeat(30),
      '%22%3E%3Cmarker%3E',
      '"><marker>',
      '%E6%97%A5',
      'é',
      'language=',
      '0000-00-00',
      'a'.repeat(300),
    ],
  ],
};

let web: Promise<Site> | undefined;

async function openWeb(): Promise<Site> {
  const site = await makeSite();
  const list = await site.makeList('ant@example.com');
  await site.post(list, mail('one', {}), mail('two', { subject: 'Re: A subject', answers: 'one' }));
  return site;
}

/** Paths of pages, old ones and ours: each has an answer, and what stands in the path never becomes markup. */
export const paths: Target = {
  name: 'paths',
  make: (random) => makeInput(random, pathMaterial).subarray(0, 4000),
  read: async (input) => {
    web ??= openWeb();
    const { app } = await web;
    // What an HTTP parser lets through.
    const url =
      `/${input.toString('latin1').replace(/[^!-~]|\\/g, (byte) => encodeURIComponent(byte))}`.replace(
        /^\/+/,
        '/',
      );
    readOldUrl(url.split('?')[0] ?? '');
    const { statusCode, headers, body } = await app.inject({ method: 'GET', url });
    expectThat(statusCode < 500, `the answer is no ${statusCode}`);
    expectThat(!body.includes('<marker>'), 'nothing of the path becomes markup');
    const { location } = headers;
    if (typeof location === 'string')
      expectThat(/^(?:\/(?![/\\])|https?:\/\/)/.test(location), 'nobody is led away');
  },
  close: async () => {
    await (await web)?.close();
    web = undefined;
  },
};
