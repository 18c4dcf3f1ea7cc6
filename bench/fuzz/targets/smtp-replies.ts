import { isDeepStrictEqual } from 'node:util';
import { BadReplyError, type Reply, ReplyReader } from '../../../src/mta/smtp-reply.ts';
import { type Material, makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const material: Material = {
  seeds: [
    '220 mx.example.com ESMTP Postfix\r\n250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 SMTPUTF8\r\n',
    '250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 <b@example.com>: unknown\r\n354 End data with <CR><LF>.<CR><LF>\r\n',
    '250 2.0.0 Ok: queued as 4ABC\r\n421 4.3.2 Service shutting down\r\n',
    '450-4.7.1 try\n450-later\n450\n550 Gr\xc3\xbc\xc3\x9fe\r\n',
  ].map((text) => Buffer.from(text, 'latin1')),
  tokens: [
    ...[
      '250',
      '354',
      '421',
      '550',
      '000',
      '199',
      '600',
      '2500',
      '-',
      ' ',
      '\r\n',
      '\n',
      '\r',
      '\0',
      '\x1b[2J',
    ],
    ...[
      '5.1.1 ',
      '\xff',
      '\xe2\x80\xa8',
      'x'.repeat(5000),
      '250-x\r\n'.repeat(20),
      '250-\r\n'.repeat(10_000),
    ],
  ],
};

/** What a mail server answers: the same replies however they arrive, each of one line, or an error. */
export const smtpReplies: Target = {
  name: 'smtp replies',
  make: (random) => makeInput(random, material).subarray(0, 100_000),
  read: (input) => {
    const whole = read([input]);
    for (const { code, text } of whole.replies) {
      expectThat(code >= 200 && code <= 599, 'a reply has a code of SMTP');
      expectThat(!/\p{Cc}/u.test(text), 'a reply has no control characters');
    }
    // A piece with an error in it brings none of the replies before; smaller pieces bring those.
    if (whole.isBroken) return;
    const middle = input.length >> 1;
    const halves = read([input.subarray(0, middle), input.subarray(middle)]);
    expectThat(isDeepStrictEqual(halves, whole), 'the same replies come of two halves');
    const octets = read(Array.from(input.subarray(0, LONGEST_IN_OCTETS), (octet) => Buffer.of(octet)));
    const same = { ...whole, replies: whole.replies.slice(0, octets.replies.length) };
    expectThat(isDeepStrictEqual(octets, same), 'the same replies come of single octets');
  },
};

/** Inputs are read octet by octet up to here. */
const LONGEST_IN_OCTETS = 2000;

interface Heard {
  readonly replies: readonly Reply[];
  readonly isBroken: boolean;
}

function read(pieces: readonly Buffer[]): Heard {
  const reader = new ReplyReader();
  const replies: Reply[] = [];
  try {
    for (const piece of pieces) replies.push(...reader.read(piece));
  } catch (error) {
    if (!(error instanceof BadReplyError)) throw error;
    return { replies, isBroken: true };
  }
  return { replies, isBroken: false };
}
