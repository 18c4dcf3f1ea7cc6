import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArchivedPost, Archiver } from '../../../src/archiving/archivers/archiver.ts';
import { hyperkitty } from '../../../src/archiving/archivers/hyperkitty.ts';
import { mailArchive } from '../../../src/archiving/archivers/mail-archive.ts';
import { commandWords, mhonarc } from '../../../src/archiving/archivers/mhonarc.ts';
import { prototype } from '../../../src/archiving/archivers/prototype.ts';
import { archiveLinks } from '../../../src/archiving/links.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { Message } from '../../../src/message/message.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { sampleList } from '../../database/samples.ts';
import { type HyperKitty, startHyperKitty } from '../../peers/hyperkitty.ts';
import { MissingPeerError } from '../../peers/throwaway.ts';
import { type Enqueued, type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { describeWhere } from '../../support/where-available.ts';

let bench: FlowBench;
let folder: string;

beforeEach(async () => {
  bench = await openFlowBench();
  folder = mkdtempSync(join(tmpdir(), 'ferryman-archivers-'));
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

const configured = (sections: string) => {
  const file = join(folder, 'mailman.cfg');
  writeFileSync(file, `[paths.test]\nvar_dir: ${folder}/var\n[mailman]\nlayout: test\n${sections}`);
  return loadConfig({ file });
};

/** @param settings of `[general]` in the archiver's own file */
function withSettings(name: string, settings: string, className = '') {
  const file = join(folder, `${name}.cfg`);
  writeFileSync(file, `[general]\n${settings}`);
  const classLine = className === '' ? '' : `class: ${className}\n`;
  return configured(`[archiver.${name}]\n${classLine}enable: yes\nconfiguration: ${file}\n`);
}

const HYPERKITTY = 'mailman_hyperkitty.Archiver';

async function keep(
  archiver: Archiver,
  name: string,
  config: ReturnType<typeof loadConfig>,
  text = mail(),
): Promise<Enqueued[]> {
  const enqueued: Enqueued[] = [];
  const post: ArchivedPost = {
    list: await bench.list(),
    message: Message.parse(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')),
    receivedAt: bench.clock.now(),
  };
  await archiver.archive(post, {
    ...bench.services,
    config,
    name,
    inStep: async (work) => {
      let result: Awaited<ReturnType<typeof work>> | undefined;
      enqueued.push(
        ...(await bench.step(async (step) => {
          result = await work(step);
        })),
      );
      return result as Awaited<ReturnType<typeof work>>;
    },
  });
  return enqueued;
}

function withPolicy(archive_policy: 'public' | 'private' | 'never'): MailingList {
  const list = sampleList('ant');
  return { ...list, settings: { ...list.settings, archive_policy } };
}

describe('which lists are kept', () => {
  it.each([
    ['prototype', prototype, [true, true, false]],
    ['mhonarc', mhonarc, [true, true, false]],
    ['hyperkitty', hyperkitty, [true, true, false]],
    ['mail-archive', mailArchive, [true, false, false]],
  ] as const)('%s', (_, archiver, expected) => {
    const policies = ['public', 'private', 'never'] as const;
    expect(policies.map((policy) => archiver.wants(withPolicy(policy)))).toEqual(expected);
  });
});

describe('prototype', () => {
  it('keeps a post once in the maildir of its list, with the line ends of the system', async () => {
    const config = configured('');
    await keep(prototype, 'prototype', config);
    await keep(prototype, 'prototype', config);
    const maildir = join(folder, 'var/archives/prototype/ant@example.com');
    expect(readdirSync(maildir).sort()).toEqual(['cur', 'new', 'tmp']);
    const names = readdirSync(join(maildir, 'new'));
    expect(names).toHaveLength(1);
    expect(readFileSync(join(maildir, 'new', names[0] ?? ''), 'latin1')).toBe(mail());
    expect(readdirSync(join(maildir, 'tmp'))).toEqual([]);
  });
});

describe('mhonarc', () => {
  it('gives the post to the command, and nothing to a shell', async () => {
    const program = join(folder, 'archive it');
    writeFileSync(
      program,
      `#!/bin/sh\nfor word; do echo "$word"; done > '${folder}/words'\ncat > '${folder}/input'\n`,
    );
    chmodSync(program, 0o755);
    const config = withSettings(
      'mhonarc',
      `base_url: http://$hostname/\ncommand: "${program}" -outdir /a/$listname -x '; touch ${folder}/$fqdn_listname' $(id)\n`,
    );
    await keep(mhonarc, 'mhonarc', config);
    expect(readFileSync(join(folder, 'words'), 'utf8')).toBe(
      `-outdir\n/a/ant\n-x\n; touch ${folder}/ant@example.com\n$(id)\n`,
    );
    expect(readFileSync(join(folder, 'input'), 'latin1')).toBe(mail().replaceAll('\n', '\r\n'));
  });

  it('says why the command failed', async () => {
    const config = withSettings('mhonarc', "command: /bin/sh -c 'echo no room >&2; exit 3'\n");
    await expect(keep(mhonarc, 'mhonarc', config)).rejects.toThrow('/bin/sh ended with status 3: no room');
    const missing = withSettings('mhonarc', 'command: /nonexistent\n');
    await expect(keep(mhonarc, 'mhonarc', missing)).rejects.toThrow('ENOENT');
  });

  it('does not mind a command that reads nothing', async () => {
    const config = withSettings('mhonarc', 'command: /bin/true\n');
    await keep(mhonarc, 'mhonarc', config, mail({}, 'x'.repeat(1_000_000)));
  });

  it('takes a command apart as a shell does', () => {
    expect(commandWords(`a "b c"d 'e "f' g\\ h "i\\"j" ''`)).toEqual(['a', 'b cd', 'e "f', 'g h', 'i"j', '']);
  });
});

describe('mail-archive', () => {
  it('sends the post as it is, from the bounce address', async () => {
    const config = configured('[archiver.mail_archive]\nenable: yes\n');
    const [sent, ...others] = await keep(mailArchive, 'mail_archive', config);
    expect(others).toEqual([]);
    expect(sent?.queue).toBe('out');
    expect(sent?.metadata).toEqual({
      listid: 'ant.example.com',
      recipients: ['archive@mail-archive.com'],
      nodecorate: true,
      verp: false,
    });
    expect(sent?.message.toBuffer().toString('latin1')).toBe(mail().replaceAll('\n', '\r\n'));
  });
});

describe('hyperkitty', () => {
  async function answering(
    status: number,
    text: string,
    work: (url: string, seen: string[]) => Promise<void>,
  ) {
    const seen: string[] = [];
    const server = createServer(async (request: IncomingMessage, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`, body);
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(text);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await work(`http://127.0.0.1:${port}`, seen);
    server.close();
  }
  const settings = (url: string) =>
    withSettings('hyperkitty', `base_url: ${url}/hk\napi_key: secret\n`, HYPERKITTY);

  it('gets list and post as a form, and the key in a header', () =>
    answering(200, '{"url": "/x"}', async (url, seen) => {
      await keep(hyperkitty, 'hyperkitty', settings(url));
      const [request, body = ''] = seen;
      expect(request).toBe('POST /hk/api/mailman/archive Token secret');
      expect(body).toMatch(/name="mlist"\r\n\r\nant@example\.com\r\n/);
      expect(body).toMatch(/name="message"; filename="message\.txt"\r\n/);
      expect(body).toContain(mail().replaceAll('\n', '\r\n'));
    }));

  it.each([401, 400, 500, 302])('is asked again later where it answers %d', (status) =>
    answering(status, 'No\nway', async (url, seen) => {
      await expect(keep(hyperkitty, 'hyperkitty', settings(url))).rejects.toThrow(
        `${url}/hk/api/mailman/archive answers ${status}: No way`,
      );
      expect(seen).toHaveLength(2);
    }),
  );

  it('is asked again later where it is away', async () => {
    await expect(keep(hyperkitty, 'hyperkitty', settings('http://127.0.0.1:1'))).rejects.toThrow(
      'cannot be reached',
    );
  });
});

describe('links', () => {
  const HASH = 'FHSQ5W3QBEX4AYCLLF4CU2JW4HZ5CCXJ';
  const of = (config: ReturnType<typeof loadConfig>, list = sampleList('ant')) =>
    archiveLinks(config, list, HASH).map(({ archiver, listUrl, permalink }) => [
      archiver,
      listUrl,
      permalink,
    ]);

  it('of HyperKitty are computed: where it says that it is, or for people where it is on this machine', () => {
    const path = `list/ant@example.com/message/${HASH}/`;
    expect(
      of(withSettings('hk', 'base_url: https://lists.example.org/archives\napi_key: x\n', HYPERKITTY)),
    ).toEqual([
      [
        'hk',
        'https://lists.example.org/archives/list/ant@example.com/',
        `https://lists.example.org/archives/${path}`,
      ],
    ]);
    for (const host of ['localhost:8000', '127.0.0.1', '[::1]:80']) {
      const config = withSettings('hk', `base_url: http://${host}/hyperkitty/\napi_key: x\n`, HYPERKITTY);
      expect(of(config).map(([, , permalink]) => permalink)).toEqual([
        `https://example.com/hyperkitty/${path}`,
      ]);
    }
    const config = withSettings(
      'hk',
      'base_url: http://localhost/hyperkitty/\npublic_url: https://web.example.org/a/\napi_key: x\n',
      HYPERKITTY,
    );
    expect(of(config).map(([, , permalink]) => permalink)).toEqual([`https://web.example.org/a/${path}`]);
  });

  it('of our own archive are there where it has an address for people', () => {
    expect(of(configured(''))).toEqual([]);
    const config = configured('[web]\nbase_url: https://lists.example.org/m/\n');
    const list = 'https://lists.example.org/m/archives/list/ant@example.com/';
    expect(of(config)).toEqual([['web', list, `${list}message/${HASH}/`]]);
  });

  it('of archivers that a list does not want are left out', () => {
    const config = configured(
      '[web]\nbase_url: https://lists.example.org/\n[archiver.mhonarc]\nenable: yes\n',
    );
    const list = sampleList('ant');
    const without = (...disabled_archivers: string[]) => ({
      ...list,
      settings: { ...list.settings, disabled_archivers },
    });
    expect(of(config, without('web')).map(([name]) => name)).toEqual(['mhonarc']);
    expect(of(config, without('mhonarc')).map(([name]) => name)).toEqual(['web']);
  });
});

const peer: HyperKitty | string = await startHyperKitty().catch((error: unknown) => {
  if (error instanceof MissingPeerError) return error.message;
  throw error;
});

describeWhere(typeof peer === 'string' ? peer : undefined, "with Debian's HyperKitty", () => {
  const server = peer as HyperKitty;

  it('posts are archived, once, at the address that was computed', async () => {
    const config = withSettings(
      'hyperkitty',
      `base_url: ${server.baseUrl}\napi_key: ${server.apiKey}\n`,
      HYPERKITTY,
    );
    await keep(hyperkitty, 'hyperkitty', config);
    await keep(hyperkitty, 'hyperkitty', config);
    const answer = await server.get('/hyperkitty/api/list/ant@example.com/emails/?format=json');
    const emails = JSON.parse(answer.text) as { message_id_hash: string }[];
    expect(emails).toHaveLength(1);
    const hash = emails[0]?.message_id_hash;
    const asked = await server.get(
      '/hyperkitty/api/mailman/urls?mlist=ant@example.com&msgid=one@example.com',
    );
    const [links] = archiveLinks(config, await bench.list(), hash);
    expect(links?.permalink).toBe((JSON.parse(asked.text) as { url: string }).url);
    const list = await server.get('/hyperkitty/api/mailman/urls?mlist=ant@example.com');
    expect(links?.listUrl).toBe((JSON.parse(list.text) as { url: string }).url);
    await server.stop();
  });
});
