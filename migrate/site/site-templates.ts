import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findDomain } from '../../src/database/domains.ts';
import type { Connection } from '../../src/database/handle.ts';
import { putTemplate, templatesOf } from '../../src/database/templates.ts';
import { domainKey } from '../../src/model/email-address.ts';
import type { Template, TemplateContext } from '../../src/model/template.ts';
import { readListDir } from '../import21/list-dir.ts';
import type { Notes } from '../import21/report.ts';
import { type Site, textSetting } from './site.ts';
import { namesIn, statOf } from './source-file.ts';

/** Templates that an administrator changed for the whole site, or for the lists of one mail host. */
export interface SiteTemplates {
  readonly context: Extract<TemplateContext, { readonly scope: 'site' | 'domain' }>;
  readonly templates: readonly Template[];
}

/** `templates/site/LANG/*` and `templates/HOST/LANG/*`; what Mailman itself ships lies in `templates/LANG`. */
export function readSiteTemplates(site: Site, notes: Notes): SiteTemplates[] {
  const folder = join(site.path, 'templates');
  const scopes = namesIn(folder).filter(
    (name) => (name === 'site' || name.includes('.')) && statOf(join(folder, name))?.isDirectory(),
  );
  return scopes.map((name): SiteTemplates => {
    const mailHost = domainKey(name);
    const context = { welcome: '', webPageUrl: webPageUrl(site, name === 'site' ? undefined : mailHost) };
    return {
      context: name === 'site' ? { scope: 'site' } : { scope: 'domain', mailHost },
      templates: readListDir(join(folder, name), context, notes),
    };
  });
}

/** Sets them. Those of a domain that no list has are left out. @returns how many are new or other than before */
export async function applySiteTemplates(
  connection: Connection,
  all: readonly SiteTemplates[],
  notes: Notes,
): Promise<number> {
  let changed = 0;
  for (const { context, templates } of all) {
    if (context.scope === 'domain' && !(await findDomain(connection, context.mailHost))) {
      notes.keptAside(
        'templates',
        `no list of ${context.mailHost} has come over; its templates are left out`,
      );
      continue;
    }
    const present = await templatesOf(connection, context);
    const fresh = templates.filter((one) => !present.some((other) => isDeepStrictEqual(other, one)));
    for (const template of fresh) await putTemplate(connection, context, template);
    changed += fresh.length;
  }
  return changed;
}

function webPageUrl(site: Site, mailHost: string | undefined): string {
  const { virtualHosts } = site.mmCfg;
  const ofDomain = [...virtualHosts].find(([, mail]) => mail === mailHost)?.[0];
  const host = ofDomain ?? textSetting(site, 'DEFAULT_URL_HOST') ?? '';
  const pattern = textSetting(site, 'DEFAULT_URL_PATTERN') ?? 'http://%s/mailman/';
  return host === '' ? '' : pattern.replace('%s', host);
}
