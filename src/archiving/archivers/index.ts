import type { ArchiverKind } from '../../config/schema/classes.ts';
import type { Archiver } from './archiver.ts';
import { hyperkitty } from './hyperkitty.ts';
import { mailArchive } from './mail-archive.ts';
import { mhonarc } from './mhonarc.ts';
import { prototype } from './prototype.ts';

/** What keeps posts for each kind of `[archiver.NAME]` section. */
export const archivers: Readonly<Record<ArchiverKind, Archiver>> = {
  hyperkitty,
  'mail-archive': mailArchive,
  mhonarc,
  prototype,
};
