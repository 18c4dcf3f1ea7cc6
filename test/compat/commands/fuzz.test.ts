import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailman21Language } from '../../../compat/commands/index.ts';
import { commandBench } from '../../flow/commands/bench.ts';
import { runs } from '../../support/properties.ts';

const bench = commandBench(mailman21Language);

const word = fc.oneof(
  fc.constantFrom(
    ...mailman21Language.commands.keys(),
    ...[
      'help',
      'show',
      'authenticate',
      'ack',
      'digest',
      'delivery',
      'reminders',
      'on',
      'off',
      'mime',
      'nodigest',
    ],
    ...[
      'address=',
      'address=anne@example.org',
      'address=a@b@c',
      'pw',
      '>',
      '--',
      '\0',
      'digest=',
      'mode=digest',
    ],
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));

it('lines of any kind are taken without failure, and bring few mails of bearable length', async () => {
  await bench().join('member', 'anne@example.org', 'bart@example.net');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      await bench().send({ Subject: lines[0]?.replace(/[\r\n\0]/g, '') ?? '' }, lines.slice(1).join('\n'));
      expect(bench().results().length).toBeLessThan(3);
      for (const { message, metadata } of bench().queued.splice(0)) {
        expect(message.toBuffer().length).toBeLessThan(60_000);
        expect(metadata.recipients).toHaveLength(1);
      }
      bench().clock.advance(86_400);
    }),
    { numRuns: runs(200) },
  );
});
