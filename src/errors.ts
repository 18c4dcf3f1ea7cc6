/** A failure that a person can act on: the message is one line that names what is wrong. Exit status 1. */
export class FerrymanError extends Error {
  override name = 'FerrymanError';
}

/** The command was called wrongly (unknown list, bad option value, …). Exit status 2, as in Mailman 3. */
export class UsageError extends FerrymanError {
  override name = 'UsageError';
}
