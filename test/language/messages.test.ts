import { describe, expect, test } from 'vitest';
import { sayInEnglish, speak, translateReason } from '../../src/language/index.ts';
import { de } from '../../src/language/messages/de.ts';
import { en } from '../../src/language/messages/en.ts';
import { fr } from '../../src/language/messages/fr.ts';
import { ja } from '../../src/language/messages/ja.ts';

const namesIn = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe.each([
  ['Japanese', ja],
  ['German', de],
  ['French', fr],
])('the fixed texts in %s', (_, translation) => {
  test('have the same names to fill in as in English, and no others', () => {
    for (const [key, text] of Object.entries(en)) {
      expect.soft(namesIn(translation[key as keyof typeof en]), key).toEqual(namesIn(text));
    }
    expect(Object.keys(translation).sort()).toEqual(Object.keys(en).sort());
  });

  test('are translated', () => {
    const same = Object.entries(en).filter(([key, text]) => translation[key as keyof typeof en] === text);
    expect(
      same.map(([key]) => key).filter((key) => !/^results_message_id$|^digest_part_(name|type)$/.test(key)),
    ).toEqual([]);
  });

  test('are one line each, none empty, without blanks at the ends', () => {
    for (const text of Object.values(translation)) expect.soft(text).toMatch(/^\S(?:[^\n\t]*\S)?$/);
  });
});

test('subjects are those of Mailman', () => {
  const listname = 'ant@example.com';
  const display_name = 'Ant';
  const email = 'user@example.org';
  expect([
    sayInEnglish('subject_confirm_join', { listname }),
    sayInEnglish('subject_confirm_leave', { listname }),
    sayInEnglish('subject_invitation', { listname }),
    sayInEnglish('subject_join_waits', { display_name, email }),
    sayInEnglish('subject_leave_waits', { display_name, email }),
    sayInEnglish('subject_post_held', { listname }),
    sayInEnglish('subject_post_needs_approval', { listname, sender: email }),
    sayInEnglish('subject_no_more_today'),
    sayInEnglish('subject_welcome', { display_name }),
    sayInEnglish('subject_welcome_digest', { display_name }),
    sayInEnglish('subject_goodbye', { display_name }),
    sayInEnglish('subject_member_joined', { display_name }),
    sayInEnglish('subject_member_left', { display_name }),
    sayInEnglish('subject_request_rejected', { display_name }),
    sayInEnglish('subject_requests_waiting', { listname, count: 12 }),
    sayInEnglish('subject_bounce_score', { email, display_name }),
    sayInEnglish('subject_disabled_for_owners', { email, display_name }),
    sayInEnglish('subject_removed_for_bounces', { email, display_name }),
    sayInEnglish('subject_disabled', { display_name }),
    sayInEnglish('subject_probe', { display_name }),
    sayInEnglish('subject_unrecognized_bounce'),
    sayInEnglish('subject_acknowledgement', { display_name }),
    sayInEnglish('subject_new_list', { listname }),
    sayInEnglish('subject_autoresponse', { display_name }),
    sayInEnglish('subject_command_results'),
    sayInEnglish('subject_content_filter'),
    sayInEnglish('digest_subject', { display_name, volume: 1, number: 2 }),
  ]).toEqual([
    'Your confirmation is needed to join the ant@example.com mailing list.',
    'Your confirmation is needed to leave the ant@example.com mailing list.',
    'You have been invited to join the ant@example.com mailing list.',
    'New subscription request to Ant from user@example.org',
    'New unsubscription request to Ant from user@example.org',
    'Your message to ant@example.com awaits moderator approval',
    'ant@example.com post from user@example.org requires approval',
    'Last autoresponse notification for today',
    'Welcome to the "Ant" mailing list',
    'Welcome to the "Ant" mailing list (Digest mode)',
    'You have been unsubscribed from the Ant mailing list',
    'Ant subscription notification',
    'Ant unsubscription notification',
    'Request to mailing list "Ant" rejected',
    'The ant@example.com list has 12 moderation requests waiting.',
    "user@example.org's bounce score incremented on Ant",
    "user@example.org's subscription disabled on Ant",
    'user@example.org unsubscribed from Ant mailing list due to bounces',
    'Your subscription for Ant mailing list has been disabled',
    'Ant mailing list probe message',
    'Uncaught bounce notification',
    'Ant post acknowledgment',
    'Your new mailing list: ant@example.com',
    'Auto-response for your message to the "Ant" mailing list',
    'The results of your email commands',
    'Content filter message notification',
    'Ant Digest, Vol 1, Issue 2',
  ]);
});

test('what is filled in is not looked at again', () => {
  expect(sayInEnglish('subject_join_waits', { display_name: '{email}', email: '$& {display_name}' })).toBe(
    'New subscription request to {email} from $& {display_name}',
  );
});

test('the first language that is translated speaks, English where none is', async () => {
  expect((await speak(['it', 'de', 'fr']))('no_subject')).toBe('(kein Betreff)');
  expect((await speak(['it', 'constructor']))('no_subject')).toBe('(no subject)');
  expect((await speak([]))('no_subject')).toBe('(no subject)');
});

describe('reasons', () => {
  test.each([
    ['The message is larger than the 40 KB maximum size', 'Die Nachricht ist größer als die erlaubten 40 KB'],
    ['Message has no subject', 'Die Nachricht hat keinen Betreff'],
    [
      'Message sender a{sender}$&@x is banned from this list',
      'Der Absender a{sender}$&@x ist auf dieser Liste gesperrt',
    ],
    [
      'Header "x-test: a FOO b" matched a header rule',
      'Die Kopfzeile "x-test: a FOO b" passt auf eine Regel für Kopfzeilen',
    ],
    ['The structure of the message could not be read', 'Der Aufbau der Nachricht ließ sich nicht lesen'],
    [
      'The header Urgent of the message does not hold a password of the list',
      'Die Kopfzeile Urgent der Nachricht enthält kein Passwort der Liste',
    ],
    ["A moderator's own words", "A moderator's own words"],
    ['', ''],
  ])('%j is %j in German', async (reason, expected) => {
    expect(translateReason(reason, await speak(['de']))).toBe(expected);
  });

  test('stay as they are in English', () => {
    for (const [key, text] of Object.entries(en).filter(([name]) => name.startsWith('reason_'))) {
      const reason = text.replace(/\{\w+\}/g, 'this');
      expect(translateReason(reason, sayInEnglish), key).toBe(reason);
    }
  });
});
