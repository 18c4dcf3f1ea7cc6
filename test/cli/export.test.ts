import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { install, succeed } from '../support/mailman.ts';

const server = install('[mailman]\nnoreply_address: nobody\n');
const { mailman } = server;

function settingsOf(list: string): Record<string, unknown> {
  return JSON.parse(succeed(mailman('export', list, '--json'))).settings;
}

test('a new list has the settings that Mailman 3 shows for it', () => {
  succeed(mailman('create', '-q', 'ant@example.com'));
  expect(settingsOf('ant.example.com')).toMatchObject({
    acceptable_aliases: [],
    archive_policy: 'public',
    autoresponse_grace_period: '90d',
    bounce_info_stale_after: '7d',
    bounce_score_threshold: 5,
    default_member_action: 'defer',
    default_nonmember_action: 'hold',
    digest_last_sent_at: null,
    digest_size_threshold: 30,
    display_name: 'Ant',
    max_message_size: 40,
    member_roster_visibility: 'moderators',
    next_digest_number: 1,
    post_id: 1,
    posting_pipeline: 'default-posting-pipeline',
    subject_prefix: '[Ant] ',
    subscription_policy: 'confirm',
    usenet_watermark: null,
  });
});

test('the addresses of a list, the one that nobody reads among them', () => {
  succeed(mailman('create', '-q', 'bee@example.com'));
  expect(settingsOf('bee@example.com')).toMatchObject({
    bounces_address: 'bee-bounces@example.com',
    fqdn_listname: 'bee@example.com',
    join_address: 'bee-join@example.com',
    leave_address: 'bee-leave@example.com',
    no_reply_address: 'nobody@example.com',
    owner_address: 'bee-owner@example.com',
    posting_address: 'bee@example.com',
    request_address: 'bee-request@example.com',
  });
});

test('more held posts than there is memory for are written one by one', () => {
  succeed(mailman('create', '-q', 'cat@example.com'));
  const content = Buffer.from(`Subject: large\r\n\r\n${'x'.repeat(1_000_000)}\r\n`);
  for (let count = 0; count < 100; count += 1) {
    server.sql(
      `INSERT INTO held_message (list_id, message_id, sender, subject, reasons, held_at, metadata, content)
       VALUES ('cat.example.com', ?, 'anne@example.com', 'large', '[]', '2026-01-02T03:04:05.000000Z', '{}', ?)`,
      `<${count}@example.com>`,
      content,
    );
  }
  const limited = 'NODE_OPTIONS=--max-old-space-size=80 $mailman export cat@example.com -o whole.json';
  expect(server.shell(`${limited} && ls -A`)).toMatchObject({
    status: 0,
    stdout: expect.not.stringContaining('.whole.json'),
  });
  const { held_posts } = JSON.parse(readFileSync(`${server.folder}/whole.json`, 'utf8')) as {
    held_posts: { message_id: string; content: string }[];
  };
  expect(held_posts.map(({ message_id }) => message_id)).toEqual(
    Array.from({ length: 100 }, (_, count) => `<${count}@example.com>`),
  );
  expect(Buffer.from(held_posts[99]?.content ?? '', 'base64').equals(content)).toBe(true);
});
