import { addressKey } from '../../model/email-address.ts';
import { TooManyAttemptsError } from '../errors.ts';
import type { Visit } from '../visit.ts';

/**
 * Counts a mail that somebody asks for. What is too much for a network is refused, and says nothing about the address; what is too
 * much for the address is not sent, and nobody is told.
 * @returns whether the mail may be sent
 * @throws TooManyAttemptsError
 */
export function mayMail({ limits, network }: Pick<Visit, 'limits' | 'network'>, email: string): boolean {
  const { mailsToNetwork, mailsToAccount } = limits;
  if (!mailsToNetwork.note(network)) throw new TooManyAttemptsError(mailsToNetwork.waitFor(network));
  return mailsToAccount.note(addressKey(email));
}
