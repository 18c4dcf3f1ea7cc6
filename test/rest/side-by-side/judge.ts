import { type Explanation, explanations } from './explained.ts';
import type { ComparableAnswer, RestRun } from './side.ts';

export interface Verdict {
  /** Both answers of each request that differ for no known reason. */
  readonly unexplained: readonly (readonly [mailman: ComparableAnswer, ferryman: ComparableAnswer])[];
  readonly used: ReadonlySet<Explanation>;
  readonly differences: number;
}

/** Compares answer with answer. @throws Error where the plans were not the same */
export function judge(theirs: RestRun, ours: RestRun): Verdict {
  const unexplained: [ComparableAnswer, ComparableAnswer][] = [];
  const used = new Set<Explanation>();
  let differences = 0;
  theirs.answers.forEach((mailman, index) => {
    const ferryman = ours.answers[index];
    if (ferryman?.request !== mailman.request) throw new Error(`not asked: ${mailman.request}`);
    if (same(mailman, ferryman)) return;
    differences += 1;
    const reason = explanations.find(
      ({ requests, theirs: change = unchanged, ours: other = unchanged }) =>
        requests.test(mailman.request) && same(change(mailman), other(ferryman)),
    );
    if (reason) used.add(reason);
    else unexplained.push([mailman, ferryman]);
  });
  return { unexplained, used, differences };
}

function unchanged(answer: ComparableAnswer): ComparableAnswer {
  return answer;
}

function same(one: ComparableAnswer, other: ComparableAnswer): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
