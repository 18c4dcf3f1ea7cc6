import type { Step } from '../../queue/step.ts';
import type { Post, Rule } from '../post.ts';

/** What happens when the rule of a link hits. */
export type LinkAction =
  /** Go on with the next link; the hit is only recorded. */
  | { readonly kind: 'defer' }
  /** Leave for another chain for good. */
  | { readonly kind: 'jump'; readonly chain: string }
  /** Go through another chain and come back. */
  | { readonly kind: 'detour'; readonly chain: string }
  /** Skip the rest of this chain: back to the one that made the detour. */
  | { readonly kind: 'return' };

/** One rule of a chain with what its hit means. */
export interface Link {
  readonly rule: Rule;
  readonly onHit: LinkAction;
}

/** A chain of rules, under Mailman's name; its links may depend on the post. */
export interface RuleChain {
  readonly name: string;
  readonly description: string;
  readonly links: (post: Post, step: Step) => readonly Link[] | Promise<readonly Link[]>;
}

/** A chain that ends the way of a post. */
export interface TerminalChain {
  readonly name: string;
  readonly description: string;
  readonly end: (post: Post, step: Step) => Promise<void>;
}

export type Chain = RuleChain | TerminalChain;

export const defer: LinkAction = { kind: 'defer' };

export const goBack: LinkAction = { kind: 'return' };

/** Goes on with another chain for good. */
export function jump(chain: string): LinkAction {
  return { kind: 'jump', chain };
}

/** Goes through another chain and comes back. */
export function detour(chain: string): LinkAction {
  return { kind: 'detour', chain };
}
