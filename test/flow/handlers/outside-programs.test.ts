import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { archiveLinks } from '../../../src/archiving/links.ts';
import type { Config } from '../../../src/config/index.ts';
import { fileRecipients } from '../../../src/flow/handlers/file-recipients.ts';
import { mimeDelete } from '../../../src/flow/handlers/mime-delete.ts';
import type { Post } from '../../../src/flow/post.ts';
import { Message } from '../../../src/message/message.ts';
import { partText } from '../../../src/message/text.ts';
import { sampleList } from '../../database/samples.ts';
import { mail, openFlowBench } from '../../support/flow.ts';
import { copiesOf, outgoing, throughPipeline } from '../../support/pipeline.ts';
import { defaultConfig } from '../../support/services.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-handlers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('html_to_plain_text_command', () => {
  async function converted(command: string, html: string): Promise<string> {
    const config = defaultConfig();
    const bench = await openFlowBench({
      config: { ...config, mailman: { ...config.mailman, html_to_plain_text_command: command } },
    });
    await bench.set({ filter_content: true, convert_html_to_plaintext: true });
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Transfer-Encoding': '8bit' };
    const message = Message.parse(Buffer.from(mail(headers, html).replaceAll('\n', '\r\n')));
    const post: Post = { list: await bench.list(), message, metadata: {} };
    await bench.step((step) => mimeDelete.process(post, step));
    await bench.close();
    return partText(message.root);
  }

  function script(lines: string): string {
    const file = join(folder, `convert-${Math.random().toString(36).slice(2)}`);
    writeFileSync(file, `#!/bin/sh\n${lines}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  test('gets a file of ASCII, and what it writes is the text', async () => {
    const file = script('echo converted; cat "$1"; printf "\\303\\251\\n"');
    expect(await converted(`${file} $filename`, '<p>Größe 😀</p>\n')).toBe(
      'converted\n<p>Gr&#246;&#223;e &#128512;</p>\r\né\n'.replaceAll('\r', ''),
    );
  });

  test.each([
    ['is not there', '/nonexistent/lynx -dump $filename'],
    ['fails', `${'/bin/false'} $filename`],
    ['is empty', ''],
  ])('a command that %s is replaced', async (_, command) => {
    expect(await converted(command, '<p>Größe</p>')).toBe('Größe\n');
  });
});

describe('archivers', () => {
  const enabled = (...names: string[]): Config => {
    const config = defaultConfig();
    const archivers = [...config.archivers].map(
      ([name, archiver]) => [name, { ...archiver, enable: names.includes(name) }] as const,
    );
    return { ...config, archivers: new Map(archivers) };
  };
  const HASH = '3VAWWJT7UYTNRJKZ4JSK4Y3S3YYZDRIB';

  test('have addresses of the list and of each post', () => {
    expect(archiveLinks(enabled('mhonarc'), sampleList('ant'), HASH)).toEqual([
      {
        archiver: 'mhonarc',
        listUrl: 'http://example.com/archives/ant@example.com',
        permalink: `http://example.com/archives/${HASH}`,
      },
    ]);
    expect(archiveLinks(enabled('mail_archive', 'prototype'), sampleList('ant'), HASH)).toEqual([
      {
        archiver: 'mail_archive',
        listUrl: 'https://www.mail-archive.com/ant%40example.com',
        permalink: `https://www.mail-archive.com/${HASH}`,
      },
    ]);
  });

  test('only public lists are at mail-archive.com, and none that is not archived', () => {
    const list = sampleList('ant');
    const withPolicy = (archive_policy: 'private' | 'never') => ({
      ...list,
      settings: { ...list.settings, archive_policy },
    });
    expect(archiveLinks(enabled('mail_archive'), withPolicy('private'), HASH)).toEqual([]);
    expect(archiveLinks(enabled('mhonarc'), withPolicy('private'), HASH)).toHaveLength(1);
    expect(archiveLinks(enabled('mhonarc'), withPolicy('never'), HASH)).toEqual([]);
  });

  test('stand in the headers of posts', async () => {
    const bench = await openFlowBench({ config: enabled('mhonarc', 'mail_archive') });
    await bench.join(['anne@example.com']);
    const out = outgoing(await throughPipeline(bench, mail()));
    const hash = out.message.headers.get('Message-ID-Hash');
    expect(out.message.headers.getAll('List-Archive')).toEqual([
      '<http://example.com/archives/ant@example.com>',
      '<https://www.mail-archive.com/ant%40example.com>',
    ]);
    expect(out.message.headers.getAll('Archived-At')).toEqual([
      `<http://example.com/archives/${hash}>`,
      `<https://www.mail-archive.com/${hash}>`,
    ]);
    expect((await copiesOf(bench, out)).size).toBe(1);
    await bench.close();
  });
});

test('file-recipients takes the addresses of a file, each once', async () => {
  const config = defaultConfig();
  const bench = await openFlowBench({
    config: { ...config, paths: { ...config.paths, list_data_dir: folder } },
  });
  const post: Post = { list: await bench.list(), message: Message.of([], ''), metadata: {} };
  await bench.step((step) => fileRecipients.process(post, step));
  expect(post.metadata.recipients).toEqual([]);
  mkdirSync(join(folder, 'ant.example.com'));
  writeFileSync(
    join(folder, 'ant.example.com/members.txt'),
    'a@example.com\n\n no address \nb@example.com\r\na@example.com\n',
  );
  delete post.metadata.recipients;
  await bench.step((step) => fileRecipients.process(post, step));
  expect(post.metadata.recipients).toEqual(['a@example.com', 'b@example.com']);
  await bench.close();
});
