import { redirect } from '../answer.ts';
import type { Page } from '../page.ts';
import { endSession } from '../viewer.ts';

/** Ends the session, here and in the database. */
export const signOut: Page = {
  path: '/accounts/logout/',
  get: ({ urls }) => redirect(urls.path('/accounts/')),
  post: async ({ services, sessionToken, urls }) => {
    if (sessionToken !== undefined) {
      await services.database.transaction((connection) => endSession(connection, sessionToken));
    }
    return { ...redirect(urls.path('/archives/')), cookies: [{ name: 'session', value: undefined }] };
  },
};
