import type { Connection } from './handle.ts';

/** Who may do anything on the whole site, and who may make lists, as Mailman 2.1 tells them apart. */
export type SiteRole = 'admin' | 'creator';

/** The stored form of the password of a role (see membership/passwords.ts); null where none is set. */
export async function sitePassword(connection: Connection, role: SiteRole): Promise<string | null> {
  const row = await connection('site_password')
    .where('role', role)
    .first<{ password: string } | undefined>('password');
  return row?.password ?? null;
}

/** Stores a password of the site in place of the one before. */
export async function putSitePassword(
  connection: Connection,
  role: SiteRole,
  password: string,
): Promise<void> {
  await connection('site_password').insert({ role, password }).onConflict('role').merge(['password']);
}
