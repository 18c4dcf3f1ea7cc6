import type { DnsResolver, Step } from './step.ts';

/**
 * Why a step ends early: it needs something slow that must not be waited for inside of its transaction. Its changes are
 * undone, the work is awaited, and the step begins anew, with the answer at hand.
 */
export class SuspendedStep extends Error {
  override name = 'SuspendedStep';
}

/** What a step has learnt outside of its transactions, over all its tries. */
export class OutsideAnswers {
  readonly #answers = new Map<string, PromiseSettledResult<unknown>>();
  #pending: Promise<void> | undefined;

  /** Whether the step that was just tried asked for something that is not known yet. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** The answer of `work`, begun at the first question under this name. @throws SuspendedStep until it is known */
  ask<T>(name: string, work: () => Promise<T>): T {
    const known = this.#answers.get(name);
    if (known?.status === 'fulfilled') return known.value as T;
    if (known) throw known.reason;
    this.#pending ??= work().then(
      (value) => this.#learn(name, { status: 'fulfilled', value }),
      (reason: unknown) => this.#learn(name, { status: 'rejected', reason }),
    );
    throw new SuspendedStep(name);
  }

  /** Waits for what was asked. */
  async settle(): Promise<void> {
    await this.#pending;
    this.#pending = undefined;
  }

  #learn(name: string, answer: PromiseSettledResult<unknown>): void {
    this.#answers.set(name, answer);
  }
}

const answersOf = new WeakMap<object, OutsideAnswers>();

/** Lets a step wait for slow work outside of its transaction. */
export function allowOutside(step: Step, answers: OutsideAnswers): void {
  answersOf.set(step, answers);
}

/** Lets a step that is made of another wait as that one does. */
export function shareOutside(step: Step, original: Step): void {
  const answers = answersOf.get(original);
  if (answers) answersOf.set(step, answers);
}

/**
 * Does slow work (a name server, a web server, a program) for a step without keeping its transaction open, which on
 * SQLite would stop everybody else. The step is rolled back and begins anew when the answer is there; so call this
 * early, and under a name that tells the question from others of the same step.
 */
export async function outside<T>(step: object, name: string, work: () => Promise<T>): Promise<T> {
  const answers = answersOf.get(step);
  return answers ? answers.ask(name, work) : work();
}

const directResolvers = new WeakMap<DnsResolver, DnsResolver>();

/** A resolver whose questions are asked outside of the transaction. */
export function resolverOutside(resolver: DnsResolver, answers: OutsideAnswers): DnsResolver {
  const outer: DnsResolver = {
    resolveTxt: async (name) => answers.ask(`TXT ${name}`, () => resolver.resolveTxt(name)),
  };
  directResolvers.set(outer, resolver);
  return outer;
}

/** For work that is itself done outside of the transaction: the resolver that waits for its answers. */
export function directResolver(resolver: DnsResolver): DnsResolver {
  return directResolvers.get(resolver) ?? resolver;
}
