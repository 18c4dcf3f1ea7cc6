import { mailSections } from './mail.ts';
import { ownSections } from './own.ts';
import { serverSections } from './server.ts';

/** The sections that exist once. */
export const singleSections = { ...serverSections, ...mailSections, ...ownSections } as const;

/** The name of a section that exists once. */
export type SingleName = keyof typeof singleSections;

export { type CategorySpec, categories } from './categories.ts';
export { obsoleteKeys } from './server.ts';
