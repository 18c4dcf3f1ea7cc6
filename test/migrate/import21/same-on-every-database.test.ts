import { beforeAll, describe, expect, it } from 'vitest';
import { onServer } from '../../database/dialects.ts';
import { install, succeed } from '../../support/mailman.ts';
import { addressOf, expectedLists, fixture, importSite } from './site.ts';

/** The whole site of the fixtures looks the same whichever database it was imported into. */

/** Identifiers and the moment of the import are each one's own. */
const OWN = /"(?:member_id|user_id|registered_on|created_on|verified_on)":"[^"]*"/g;

const exportAll = (server: ReturnType<typeof install>): Map<string, readonly string[]> =>
  new Map(
    [...expectedLists.keys()].map((name) => {
      const lines = succeed(server.mailman('export', addressOf(name), '--secrets')).split('\n');
      // Users stand in the order of their identifiers.
      return [name, lines.map((line) => line.replace(OWN, '').replace(/,$/, '')).sort()];
    }),
  );

let onSqlite: Map<string, readonly string[]>;

beforeAll(() => {
  const server = install();
  importSite(server);
  onSqlite = exportAll(server);
});

for (const [kind, title] of [
  ['postgresql', 'PostgreSQL'],
  ['mariadb', 'MariaDB'],
] as const) {
  await onServer(kind, title, (place) => {
    describe('the whole site', () => {
      let server: ReturnType<typeof install>;

      beforeAll(async () => {
        server = install(`[database]\nurl: ${await place.freshUrl()}\n`);
        importSite(server);
      });

      it('is exported as from SQLite', () => {
        expect(exportAll(server)).toEqual(onSqlite);
      });

      it.each(['bigcrowd', 'announce', 'members-lab'])('finds %s unchanged when it comes again', (name) => {
        const again = succeed(server.mailman('import21', addressOf(name), fixture(name)));
        expect(again).toMatch(/; nothing has changed\n/);
      });
    });
  });
}
