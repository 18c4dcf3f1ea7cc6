import type { Connection } from '../database/handle.ts';
import { putSitePassword, type SiteRole, sitePassword } from '../database/site-passwords.ts';
import { hashPassword, isLegacyPassword, verifyPassword } from './passwords.ts';

/** Whether this is the password of a role on the whole site; one of Mailman 2.1 is stored by a modern hash from then on. */
export async function verifiesSitePassword(
  connection: Connection,
  role: SiteRole,
  password: string,
): Promise<boolean> {
  const stored = await sitePassword(connection, role);
  if (stored === null || !(await verifyPassword(stored, password))) return false;
  if (isLegacyPassword(stored)) await putSitePassword(connection, role, await hashPassword(password));
  return true;
}
