import { replayTraffic } from './replay.ts';
import { differenceLines, parityTable } from './table.ts';
import { replayTimeline } from './timeline.ts';

/** `npm run parity`: prints how both sides agree about the recorded posts, and how following keeps up with a day's changes. */

const traffic = await replayTraffic();
const timeline = await replayTimeline();
const lines = [
  ...differenceLines(traffic.posts),
  '',
  'The recorded traffic',
  ...parityTable(traffic),
  '',
  ...differenceLines(timeline.posts),
  `A day on which members change: ${timeline.steps.length} steps`,
  ...parityTable(timeline),
  `members equal after ${timeline.steps.filter(({ differences }) => differences.length === 0).length} of ${timeline.steps.length} steps`,
];
process.stdout.write(`${lines.join('\n')}\n`);
const isEqual = [...traffic.posts, ...timeline.posts].every(
  ({ compared }) => compared?.state === 'equal' || compared?.state === 'improved',
);
process.exitCode = isEqual && timeline.steps.every(({ differences }) => differences.length === 0) ? 0 : 1;
