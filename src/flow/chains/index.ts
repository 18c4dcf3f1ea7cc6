import { FerrymanError } from '../../errors.ts';
import { accept } from './accept.ts';
import type { Chain } from './chain.ts';
import { defaultOwnerChain } from './default-owner-chain.ts';
import { defaultPostingChain } from './default-posting-chain.ts';
import { discard } from './discard.ts';
import { dmarc } from './dmarc.ts';
import { headerMatch } from './header-match.ts';
import { hold } from './hold.ts';
import { mailman21HeaderFilters } from './mailman21-header-filters.ts';
import { mailman21OwnerChain } from './mailman21-owner-chain.ts';
import { mailman21OwnerHeaderFilters } from './mailman21-owner-header-filters.ts';
import { mailman21PostingChain } from './mailman21-posting-chain.ts';
import { moderation } from './moderation.ts';
import { reject } from './reject.ts';

/** A chain is named that does not exist. */
export class NoSuchChainError extends FerrymanError {
  override name = 'NoSuchChainError';
}

/** All chains, sorted by name. */
export const chains: readonly Chain[] = [
  accept,
  defaultOwnerChain,
  defaultPostingChain,
  discard,
  dmarc,
  headerMatch,
  hold,
  mailman21HeaderFilters,
  mailman21OwnerChain,
  mailman21OwnerHeaderFilters,
  mailman21PostingChain,
  moderation,
  reject,
];

const BY_NAME = new Map(chains.map((chain) => [chain.name, chain]));

/** @throws NoSuchChainError */
export function chainNamed(name: string): Chain {
  const chain = BY_NAME.get(name);
  if (!chain) throw new NoSuchChainError(`No such chain: ${name}`);
  return chain;
}
