import { detectBounce } from '../../../src/bounces/detect.ts';
import { commandLines } from '../../../src/flow/commands/lines.ts';
import { isAutoReply } from '../../../src/message/auto-reply.ts';
import { Message } from '../../../src/message/message.ts';
import { isValidAddress } from '../../../src/model/email-address.ts';
import { mails, bounces as seeds, traffic } from '../corpus.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const reportMaterial = {
  seeds,
  tokens: [
    ...[
      'Final-Recipient: rfc822; u@example.net\r\n',
      'Original-Recipient: ',
      'Action: failed\r\n',
      'Status: 5.1.1\r\n',
      'X-Failed-Recipients: ',
    ],
    ...[
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n',
      'message/delivery-status',
      'utf-8;',
      'xtext;',
      '+2B',
      '+',
      '\\x{40}',
    ],
    ...[
      '<u@example.net>',
      '<u@example.net>:',
      'u@example.net',
      '<',
      '>',
      '@',
      '"',
      "'",
      '.',
      ',',
      ';',
      ':',
      '(',
      ')',
      '=',
      '\r\n',
      '\r\n\r\n',
      ' ',
      '\t',
    ],
    ...[
      'Hi. This is the qmail-send program',
      'The following addresses had permanent fatal errors',
      'Your message could not be delivered',
    ],
    ...[
      '550 5.1.1 ',
      'RCPT TO:',
      '----- Transcript of session follows -----',
      '>>> ',
      '<<< ',
      'Failed to deliver to ',
      "'",
      'unknown user',
      'Reason: ',
    ],
    ...[
      'Auto-Submitted: auto-replied\r\n',
      'Subject: Undeliverable: ',
      'MAILER-DAEMON',
      '<br>',
      '<a ',
      '&lt;',
      '--b\r\n',
      '--b--\r\n',
      '\0',
      '\xff',
    ],
  ],
};

/** Reports of mail servers: few, valid addresses, each once. */
export const bounces: Target = {
  name: 'bounces',
  make: (random) => makeInput(random, reportMaterial),
  read: (input) => {
    const message = Message.parse(input);
    isAutoReply(message);
    const { permanent, temporary, delivered } = detectBounce(message);
    const all = [...permanent, ...temporary, ...delivered];
    expectThat(all.every(isValidAddress), 'addresses are valid');
    expectThat(new Set(all).size === all.length, 'each address is there once');
    expectThat(all.length <= 3000, 'addresses are few');
  },
};

/** What mails to -request consist of. */
export const commandMaterial = {
  seeds: [...mails, ...traffic()].filter(({ length }) => length < 3000),
  tokens: [
    ...[
      'join',
      'leave',
      'subscribe',
      'unsubscribe',
      'confirm ',
      'echo ',
      'help',
      'who',
      'end',
      'stop',
      'address=',
      'digest=mime',
      'digest=',
    ],
    ...[
      'From: ',
      'Subject: ',
      'Re: ',
      'AW: Re: ',
      'a@b.example',
      'anne@example.org',
      '\r\n',
      '\n\n',
      '\r',
      ' ',
      '\t',
      '\0',
      '> ',
      '-- \n',
      ':',
    ],
    ...[
      '=?utf-8?q?',
      '?=',
      'Approved: ',
      'confirm 0123456789abcdef0123456789abcdef01234567',
      'Content-Type: ',
      'multipart/mixed; boundary=x',
      '--x',
    ],
    ...['Content-Transfer-Encoding: ', 'base64', '\u2028', '日本語', '"', '<', '>', ',', ';'],
  ],
};

/** The lines of a mail that are read as commands. */
export const commandText: Target = {
  name: 'command lines',
  make: (random) => makeInput(random, commandMaterial),
  read: (input) => {
    const { lines, ignored } = commandLines(Message.parse(input), 10, 'us-ascii');
    expectThat(lines.length <= 11 && ignored.length <= 50, 'lines are few');
    for (const line of [...lines, ...ignored])
      expectThat(line.length <= 400 && !/\p{Cc}/u.test(line) && line !== '', 'a line is one line');
  },
};
