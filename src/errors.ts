/** A failure that a person can act on: the message is one line that names what is wrong. Exit status 1. */
export class FerrymanError extends Error {
  override name = 'FerrymanError';
}

/** The command was called wrongly (unknown list, bad option value, …). Exit status 2, as in Mailman 3. */
export class UsageError extends FerrymanError {
  override name = 'UsageError';
}

/** What the system or a library calls an error, such as `ENOENT`; undefined where it has no such name. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
