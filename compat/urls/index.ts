import type { Page } from '../../src/web/page.ts';
import { admin, adminCategory } from './admin.ts';
import { admindb, admindbRest } from './admindb.ts';
import { adminOverview, create, namelessAdministration } from './administration.ts';
import { cgiBin } from './cgi-bin.ts';
import { confirm, confirmToken } from './confirm.ts';
import { edithtml, edithtmlTemplate } from './edithtml.ts';
import { listinfo } from './listinfo.ts';
import { listinfoOverview } from './listinfo-overview.ts';
import { nameless } from './nameless.ts';
import { options, optionsOfAddress } from './options.ts';
import { oldPublicArchive } from './pipermail.ts';
import { oldPrivateArchive } from './private-archive.ts';
import { rmlist } from './rmlist.ts';
import { root } from './root.ts';
import { roster } from './roster.ts';
import { subscribe } from './subscribe.ts';

/** The addresses of Mailman 2.1's web pages (`[legacy] urls`). */
export const oldPages: readonly Page[] = [
  admin,
  adminCategory,
  admindb,
  admindbRest,
  adminOverview,
  cgiBin,
  confirm,
  confirmToken,
  create,
  edithtml,
  edithtmlTemplate,
  listinfo,
  listinfoOverview,
  ...nameless,
  ...namelessAdministration,
  oldPrivateArchive,
  oldPublicArchive,
  options,
  optionsOfAddress,
  rmlist,
  root,
  roster,
  subscribe,
];
