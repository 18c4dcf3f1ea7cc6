import { addressRoutes } from './resources/addresses.ts';
import { archiverRoutes } from './resources/archivers.ts';
import { configRoutes } from './resources/config.ts';
import { digestRoutes } from './resources/digest.ts';
import { domainRoutes } from './resources/domains.ts';
import { listRoutes } from './resources/lists.ts';
import { memberRoutes } from './resources/members.ts';
import { preferenceRoutes } from './resources/preferences.ts';
import { rosterRoutes } from './resources/rosters.ts';
import { systemRoutes } from './resources/system.ts';
import { userRoutes } from './resources/users.ts';
import type { Route } from './route.ts';

/** Everything that the API has. */
export const routes: readonly Route[] = [
  { path: '', methods: {} },
  ...systemRoutes,
  ...domainRoutes,
  ...listRoutes,
  ...configRoutes,
  ...archiverRoutes,
  ...digestRoutes,
  ...memberRoutes,
  ...rosterRoutes,
  ...preferenceRoutes,
  ...addressRoutes,
  ...userRoutes,
];
