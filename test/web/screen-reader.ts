import type { Page } from 'playwright-core';

/** One thing on a page, as Chromium tells it to screen readers. */
export interface Spoken {
  readonly role: string;
  readonly name: string;
  /** Of a heading. */
  readonly level: number | undefined;
  /** What stands around it, from the nearest on. */
  readonly around: readonly Spoken[];
}

interface AccessibilityNode {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
  readonly childIds?: readonly string[];
}

/** Roles of what can be used, each of which needs a name. */
export const CONTROLS: ReadonlySet<string> = new Set([
  ...['button', 'checkbox', 'combobox', 'DisclosureTriangle', 'link', 'listbox', 'radio', 'searchbox'],
  ...['slider', 'spinbutton', 'switch', 'textbox', 'Date', 'Iframe', 'image', 'meter'],
]);

/** The accessibility tree of the whole page, in the order in which it is read. */
export async function spokenPage(page: Page): Promise<Spoken[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    readonly nodes: readonly AccessibilityNode[];
  };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const spoken: Spoken[] = [];
  const [root] = nodes;
  const waiting: { readonly node: AccessibilityNode; readonly around: readonly Spoken[] }[] = root
    ? [{ node: root, around: [] }]
    : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, around } = next;
    const level = node.properties?.find(({ name }) => name === 'level')?.value.value;
    const one: Spoken = {
      role: node.role?.value ?? '',
      name: (node.name?.value ?? '').trim(),
      level: typeof level === 'number' ? level : undefined,
      around,
    };
    if (!node.ignored) spoken.push(one);
    const inside = node.ignored ? around : [one, ...around];
    for (const id of (node.childIds ?? []).toReversed()) {
      const child = byId.get(id);
      if (child) waiting.push({ node: child, around: inside });
    }
  }
  return spoken;
}
