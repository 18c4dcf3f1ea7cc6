import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailman3Language } from '../../../src/flow/commands/index.ts';
import { runs } from '../../support/properties.ts';
import { commandBench } from './bench.ts';

const bench = commandBench();

/** Pieces of which mail for the list server consists, and what does not belong there. */
const piece = fc.oneof(
  fc.constantFrom(
    ...mailman3Language.commands.keys(),
    ...[
      'From: ',
      'Subject: ',
      'Content-Type: ',
      'Re: ',
      'address=',
      'digest=',
      'a@b.example',
      '=?utf-8?q?',
      '?=',
    ],
    ...[
      '\r\n',
      '\n\n',
      '\r',
      ' ',
      '\t',
      '\0',
      '--x',
      'multipart/mixed; boundary=x',
      'Approved: ',
      '> ',
      '-- \n',
    ],
    ...['confirm '.padEnd(48, 'a'), 'base64', 'Content-Transfer-Encoding: ', ';', '"', '<', '>', ','],
  ),
  fc.string({ maxLength: 20, unit: 'binary' }),
);

it('mail of any kind is taken without failure, and answered by at most one mail of bearable length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 60 }), fc.boolean(), async (pieces, withHead) => {
      const head = withHead ? 'From: Anne <anne@example.org>\r\nSubject: ' : '';
      await bench().sendBytes(Buffer.from(head + pieces.join('')));
      const answers = bench().results();
      expect(answers.length).toBeLessThan(2);
      for (const answer of answers) expect(answer.length).toBeLessThan(40_000);
      bench().queued.splice(0);
      bench().clock.advance(86_400);
    }),
    { numRuns: runs(400) },
  );
});
