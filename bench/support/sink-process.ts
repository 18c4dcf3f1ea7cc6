/** The sink as a process of its own: answers questions of its parent about what it has got. */
import { startSmtpSink } from '../../test/support/smtp-sink.ts';

const sink = await startSmtpSink({ isKeeping: false });
process.on('message', (question: 'report' | 'reset') => {
  if (question === 'reset') {
    sink.counts.clear();
    sink.totals.transactions = 0;
    sink.totals.recipients = 0;
  }
  process.send?.({
    ...sink.totals,
    different: sink.counts.size,
    most: [...sink.counts.values()].reduce((most, count) => Math.max(most, count), 0),
  });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: sink.port });
