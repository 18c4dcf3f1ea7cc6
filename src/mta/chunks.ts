/** Top-level domains whose recipients go together, as in Mailman: they tend to live at the same providers. */
const GROUPS: readonly (readonly string[])[] = [['com'], ['net', 'org'], ['edu', 'us', 'ca']];

/**
 * Recipients in the groups in which they are sent: by top-level domain, the biggest group first, each sorted, and none
 * larger than `max`.
 * @param max `[mta] max_recipients`; 0 is no limit
 */
export function chunks(recipients: readonly string[], max: number): string[][] {
  const groups = new Map<number, string[]>();
  for (const recipient of recipients) {
    const topLevel = recipient.slice(recipient.lastIndexOf('.') + 1).toLowerCase();
    const found = GROUPS.findIndex((group) => group.includes(topLevel));
    const group = groups.get(found);
    if (group) group.push(recipient);
    else groups.set(found, [recipient]);
  }
  return [...groups.values()]
    .sort((one, other) => other.length - one.length)
    .flatMap((group) => split(group.sort(), max));
}

function split(group: readonly string[], max: number): string[][] {
  const size = max > 0 ? max : Math.max(1, group.length);
  const parts: string[][] = [];
  for (let start = 0; start < group.length; start += size) parts.push(group.slice(start, start + size));
  return parts;
}
