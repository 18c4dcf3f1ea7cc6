/** What a domain asks receivers to do with mail that is not authenticated (RFC 7489 6.3). */
export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

/** Whether a TXT record is one of DMARC (RFC 7489 6.4): its first tag is the version. */
export function isDmarcRecord(text: string): boolean {
  return /^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text);
}

/**
 * The policy in a record.
 * @param tags those that may hold it, the first one that does counts
 * @returns undefined where none holds one that is known
 */
export function policyIn(record: string, tags: readonly string[]): DmarcPolicy | undefined {
  const values = new Map<string, string>();
  for (const tag of record.split(';')) {
    const equals = tag.indexOf('=');
    const name = tag.slice(0, equals).trim().toLowerCase();
    if (equals > 0 && !values.has(name))
      values.set(
        name,
        tag
          .slice(equals + 1)
          .trim()
          .toLowerCase(),
      );
  }
  return tags.map((name) => values.get(name)).find(isPolicy);
}

function isPolicy(value: string | undefined): value is DmarcPolicy {
  return value === 'none' || value === 'quarantine' || value === 'reject';
}
