import { RequestRefused } from '../../../src/membership/workflow/refusal.ts';

/** The token of a request that waits. */
export function tokenOf(result: { readonly outcome: string; readonly token?: string }): string {
  if (result.token === undefined) throw new Error(`no token: ${result.outcome}`);
  return result.token;
}

/** Why an attempt is refused; fails where it is not. */
export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RequestRefused) return error.reason;
  throw error ?? new Error('it was not refused');
}
