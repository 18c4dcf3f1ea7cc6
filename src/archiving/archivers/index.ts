import type { ArchiverKind } from '../../config/schema/classes.ts';
import type { Archiver } from './archiver.ts';

/** What keeps posts for each kind of `[archiver.NAME]` section. */
export const archivers: Partial<Readonly<Record<ArchiverKind, Archiver>>> = {};
