import { playAll } from './run.ts';
import { judge, summary } from './table.ts';

/** `npm run traffic`: prints how Ferryman compares with Mailman 2.1; `-- --all` also shows what differs on purpose. */

const LONGEST = 2000;

const showAll = process.argv.includes('--all');
const cases = await playAll();
const differences = judge(cases);
const lines: string[] = [];
for (const { name, aspect, mailman, ferryman, meant } of differences) {
  lines.push(`${name}: ${aspect}${meant ? ` (${meant.kind}: ${meant.documented})` : ' DIFFERENT'}`);
  if (!meant || showAll) lines.push(...indented('2.1', mailman), ...indented('here', ferryman));
}
process.stdout.write(`${[...lines, '', ...summary(cases, differences)].join('\n')}\n`);
process.exitCode = differences.every(({ meant }) => meant) ? 0 : 1;

function indented(label: string, text: string): string[] {
  return text
    .slice(0, LONGEST)
    .split('\n')
    .map((line, index) => `  ${(index === 0 ? label : '').padEnd(6)}${line}`);
}
