import type { StressReport } from './scenario.ts';

/** A report for people, as lines. */
export function stressTable(report: StressReport): string[] {
  const { copies, kills, steps } = report;
  const killed = (program: string): number => kills.filter((kill) => kill.program === program).length;
  const rows: (readonly [string, string | number])[] = [
    ['posts handed in', report.posts],
    [`  the first ${report.flowing} of them, a second`, (report.flowing / report.seconds).toFixed(1)],
    ['  cut off by a kill: taken for all, or for nobody', report.cut],
    ['kill -9 of Ferryman', killed('Ferryman')],
    ['kill -9 of Postfix', killed('Postfix')],
    ['kill -9 of a step', killed('command')],
    ...[...steps].map(([action, outcomes]) => [`step ${action}`, countsOf(outcomes)] as const),
    ['members who joined or left', report.changes],
    ['  asked for again', report.askedAgain],
    ['copies from Mailman 2', copies.mailman2],
    ['copies from Ferryman', copies.ferryman],
    ['post x member, all the time: exactly one copy', report.members],
    ['post x guest, clearly in or out: one copy or none', report.guests],
    ['post x guest, joining or leaving meanwhile: at most one', report.eitherWay],
    ['  left and joined again meanwhile: one for each membership', report.rejoined],
    ['lost', report.lost.length],
    ['to somebody who was no member', report.stray.length],
    ['repeated, a transaction was cut by a kill', report.repeated.length],
    ['repeated, unexplained', report.unexplained.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...[...report.lost, ...report.stray, ...report.repeated, ...report.unexplained],
  ];
}

function countsOf(outcomes: Readonly<Record<string, number>>): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}
