import type { AuxiliaryName, TemplateName } from '../names.ts';

/** Footers of posts and digests share `list:member:generic:footer`. */
type SharedFooter = 'list:member:digest:footer' | 'list:member:regular:footer';

/** The shipped texts of one language. One that is missing is a type error. */
export type Catalog = Readonly<Record<Exclude<TemplateName, SharedFooter> | AuxiliaryName, string>>;
