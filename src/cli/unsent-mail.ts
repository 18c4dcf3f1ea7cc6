import type { CliContext } from './context.ts';

/**
 * Says that a mail which was asked for does not leave, because nothing sends mail yet.
 * @param wanted the options that ask for one
 */
export function warnUnsentMail({ warn }: CliContext, ...wanted: readonly (boolean | undefined)[]): void {
  if (wanted.includes(true)) warn('No mail is sent yet: notices, welcomes and goodbyes need the mail core.');
}
