import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../../bench/fuzz/random.ts';
import type { CutoverRig } from '../rig.ts';
import { clock, type Kill } from './ledger.ts';

/** A step of a list. */
export type Action = 'observe' | 'share' | 'back' | 'lead' | 'rollback' | 'finish';

/** The stages in which an action can begin. */
const BEGINS: Readonly<Record<Action, readonly string[]>> = {
  observe: ['legacy'],
  share: ['observe', 'alongside'],
  back: ['alongside'],
  lead: ['observe', 'alongside'],
  rollback: ['observe', 'alongside', 'lead'],
  finish: ['lead'],
};

const SHORT_TOUR: readonly Action[] = [
  ...(['observe', 'share', 'back', 'lead', 'rollback', 'observe', 'share', 'rollback'] as const),
];

const TOUR: readonly Action[] = [
  ...(['observe', 'share', 'share', 'back', 'lead', 'rollback', 'observe', 'lead', 'rollback'] as const),
  ...(['observe', 'share', 'back', 'share', 'lead', 'rollback', 'observe', 'share', 'rollback'] as const),
];

const END: readonly Action[] = ['observe', 'share', 'lead', 'finish'];

/** What lists do before it comes to an end. */
export const WALKED: readonly Action[] = ['observe', 'share', 'back', 'lead', 'rollback'];

/** Of a hundred steps, so many are killed. */
const KILLED = 12;

/** What the steps of a walk are taken with. */
export interface Walking {
  readonly rig: CutoverRig;
  readonly random: Random;
  /** Whether a tour is no longer than it must be. */
  readonly isShort: boolean;
  readonly stageOf: (list: string) => string;
  readonly kills: Kill[];
  /** Counts steps, by action and outcome. */
  readonly count: (action: string, outcome: string) => void;
  readonly say: (line: string) => void;
}

/** Takes a list forward and back, tour after tour, until the tours are to end. @param onTour after each tour */
export async function walk(
  walking: Walking,
  list: string,
  { isOver, onTour }: { readonly isOver: () => boolean; readonly onTour: () => void },
): Promise<void> {
  while (!isOver()) {
    for (const action of walking.isShort ? SHORT_TOUR : TOUR) {
      if (isOver()) return;
      await take(walking, list, action);
    }
    onTour();
  }
}

/** Takes a list all the way to the end. */
export async function finishWalk(walking: Walking, list: string): Promise<void> {
  while (walking.stageOf(list) !== 'retired') for (const action of END) await take(walking, list, action);
}

/** Takes one step, unless the list is in no stage for it; one that was killed or refused is not repeated. */
async function take(walking: Walking, list: string, action: Action): Promise<void> {
  const { rig, random, stageOf, kills, count, say } = walking;
  await sleep(200 + random.below(1000));
  if (!BEGINS[action].includes(stageOf(list))) return;
  const command = rig.begin('', 'cutover', ...argumentsOf(action, random), `${list}@lists.example.com`);
  if (random.below(100) < KILLED) {
    const timer = setTimeout(() => command.child.kill('SIGKILL'), 300 + random.below(1200));
    void command.ended.then(() => clearTimeout(timer));
  }
  const begun = Date.now();
  const { status, stderr } = await command.ended;
  const outcome = status === 0 ? 'done' : status === null ? 'killed' : 'refused';
  if (outcome === 'killed') kills.push({ program: 'command', at: Date.now(), until: Date.now() });
  const why = outcome === 'refused' ? `: ${stderr.trim()}` : '';
  say(`${clock(begun)} to ${clock(Date.now())} ${action} ${list} ${outcome}${why}`);
  count(action, outcome);
}

function argumentsOf(action: Action, random: Random): string[] {
  const percent = ['--percent', String(10 + random.below(80))];
  switch (action) {
    case 'share':
      return ['alongside', ...percent];
    case 'back':
      return ['alongside', '--back', ...percent];
    case 'lead':
      return ['lead', '--yes'];
    case 'finish':
      return ['finish', '--quiet-days', '0'];
    default:
      return [action];
  }
}
