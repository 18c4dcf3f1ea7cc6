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
