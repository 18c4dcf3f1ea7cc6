import type { RecordedCase } from '../support/recorded-traffic.ts';
import type { Site } from './site.ts';

const TOKEN = /\b[0-9a-f]{40}\b/g;

/** Remembers which tokens of ours a case has brought, beside those of Mailman 2.1 in the same case. */
export async function noteTokens(site: Site, { case: { state_diff } }: RecordedCase): Promise<void> {
  const rows: { token: string; email: string; kind: string }[] = await site.services.database
    .connection('pending')
    .whereNotIn('token', [...site.knownTokens])
    .select('token', 'email', 'kind');
  for (const { token } of rows) site.knownTokens.add(token);
  for (const { pending } of Object.values(state_diff)) {
    for (const [theirs, entry] of Object.entries(pending?.added ?? {})) {
      const email = subjectOf((entry as { readonly value?: readonly unknown[] }).value);
      const ours = rows.find((row) => row.email === email) ?? (await lastTokenFor(site, email));
      if (ours) site.tokens.set(theirs, ours.token);
    }
  }
}

/** Where a request waits already, ours is not made anew. */
async function lastTokenFor({ services }: Site, email: string): Promise<{ token: string } | undefined> {
  return services.database
    .connection('pending')
    .where('email', email)
    .whereIn('kind', ['subscription', 'unsubscription'])
    .orderBy('created_at', 'desc')
    .first('token');
}

/** Whom an entry of pending.pck is about; '' where it is none of a member. */
function subjectOf([op, first]: readonly unknown[] = []): string {
  if (op === 'S') return (first as { readonly address: string }).address.toLowerCase();
  return op === 'U' ? String(first).toLowerCase() : '';
}

/** A text in which tokens that Mailman 2.1 made in an earlier case are replaced by ours. */
export function ownToken({ tokens }: Site, text: string): string {
  return text.replace(TOKEN, (token) => tokens.get(token) ?? token);
}
