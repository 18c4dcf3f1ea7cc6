import type { Decision } from '../../moderation/held-posts.ts';

const LONGEST_REASON = 10_000;

/** What a moderator decided in a form; undefined where the form says nothing that is known. */
export function decisionOf(form: URLSearchParams): Decision | undefined {
  const kind = form.get('decision');
  switch (kind) {
    case 'accept':
    case 'discard':
    case 'defer':
      return { kind };
    case 'reject':
      return { kind, reason: (form.get('reason') ?? '').trim().slice(0, LONGEST_REASON) };
    default:
      return undefined;
  }
}
