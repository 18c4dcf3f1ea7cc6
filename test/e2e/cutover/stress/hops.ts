/** How long Postfix had a mail in hand, in milliseconds since 1970, to the second. */
export interface Stay {
  readonly from: number;
  /** Infinite while it has it. */
  readonly until: number;
}

const RECEIVED = /^Received: [^:]*?\bby mx\.example\.net \(Postfix\)[\s\S]*?\bid (\w+)/gim;

const LINE = /^(\w{3} [ \d]\d [\d:]{8}) \S+ postfix\/(?:smtpd|qmgr)\[\d+\]: (\w+): (client=|removed$)/;

const SECOND = 1000;

/** Postfix's names for the mails that a copy has come with, the first one first. @param head of the copy */
export function passages(head: string): string[] {
  return [...head.matchAll(RECEIVED)].map(([, id]) => id ?? '').reverse();
}

/** When Postfix had which mail in hand. @param log Postfix's own, whose lines have no year */
export function staysIn(log: string, year = new Date().getFullYear()): ReadonlyMap<string, Stay> {
  const stays = new Map<string, Stay>();
  for (const line of log.split('\n')) {
    const [, date = '', id = '', event] = LINE.exec(line) ?? [];
    if (event === undefined) continue;
    const at = Date.parse(`${date} ${year}`);
    const known = stays.get(id);
    if (event === 'removed') stays.set(id, { from: known?.from ?? at, until: at + SECOND });
    else if (!known) stays.set(id, { from: at, until: Number.POSITIVE_INFINITY });
  }
  return stays;
}
