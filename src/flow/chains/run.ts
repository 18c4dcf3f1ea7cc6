import type { Step } from '../../queue/step.ts';
import type { Post } from '../post.ts';
import type { Link, TerminalChain } from './chain.ts';
import { chainNamed } from './index.ts';

/** Chains that lead to each other for ever are a mistake of the configuration, not a reason to hang. */
const MAX_CHAINS = 50;

/**
 * Takes a post through a chain and those that it leads to, until one of them ends its way.
 * Which rules hit and missed, and why, is noted in the metadata.
 * @returns the name of the chain that ended it
 */
export async function runChain(post: Post, step: Step, start: string): Promise<string> {
  const waiting: Iterator<Link>[] = [];
  let current = await enter(post, step, start);
  for (let entered = 1; ; ) {
    if (!('next' in current)) {
      await current.end(post, step);
      return current.name;
    }
    const { value: link, done } = current.next();
    if (done === true) {
      current = waiting.pop() ?? noDecision(start);
      continue;
    }
    if (!(await tryRule(post, step, link)) || link.onHit.kind === 'defer') continue;
    if (link.onHit.kind === 'return') {
      current = waiting.pop() ?? noDecision(start);
      continue;
    }
    if (++entered > MAX_CHAINS) throw new Error(`More than ${MAX_CHAINS} chains after ${start}`);
    if (link.onHit.kind === 'detour') waiting.push(current);
    current = await enter(post, step, link.onHit.chain);
  }
}

function noDecision(start: string): never {
  throw new Error(`Chain ${start} ended without a decision`);
}

async function enter(post: Post, step: Step, name: string): Promise<Iterator<Link> | TerminalChain> {
  const chain = chainNamed(name);
  return 'end' in chain ? chain : (await chain.links(post, step))[Symbol.iterator]();
}

async function tryRule(post: Post, step: Step, { rule }: Link): Promise<boolean> {
  const reasons = await rule.check(post, step);
  const { metadata } = post;
  if (rule.record) {
    if (reasons) metadata.rule_hits = [...(metadata.rule_hits ?? []), rule.name];
    else metadata.rule_misses = [...(metadata.rule_misses ?? []), rule.name];
  }
  if (reasons) metadata.moderation_reasons = [...(metadata.moderation_reasons ?? []), ...reasons];
  return reasons !== null;
}
