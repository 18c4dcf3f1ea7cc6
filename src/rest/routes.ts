import { addressRoutes } from './resources/addresses.ts';
import { archiverRoutes } from './resources/archivers.ts';
import { banRoutes } from './resources/bans.ts';
import { configRoutes } from './resources/config.ts';
import { digestRoutes } from './resources/digest.ts';
import { domainRoutes } from './resources/domains.ts';
import { headerMatchRoutes } from './resources/header-matches.ts';
import { heldRoutes } from './resources/held.ts';
import { listRoutes } from './resources/lists.ts';
import { memberRoutes } from './resources/members.ts';
import { pluginRoutes } from './resources/plugins.ts';
import { preferenceRoutes } from './resources/preferences.ts';
import { queueRoutes } from './resources/queues.ts';
import { requestRoutes } from './resources/requests.ts';
import { reservedRoutes } from './resources/reserved.ts';
import { rosterRoutes } from './resources/rosters.ts';
import { systemRoutes } from './resources/system.ts';
import { uriRoutes } from './resources/uris.ts';
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
  ...heldRoutes,
  ...requestRoutes,
  ...banRoutes,
  ...headerMatchRoutes,
  ...uriRoutes,
  ...queueRoutes,
  ...pluginRoutes,
  ...reservedRoutes,
];
