/** What is compared of a post. `headers` are those of the list, `text` is all of it with the footer. */
export const ASPECTS = ['decision', 'recipients', 'subject', 'headers', 'text'] as const;

export type Aspect = (typeof ASPECTS)[number];
