import { expect, it } from 'vitest';
import { allDomains, insertDomain } from '../../src/database/domains.ts';
import { onEachDialect } from './dialects.ts';

await onEachDialect('smoke', (place) => {
  it('opens', async () => {
    const database = await place.open();
    await insertDomain(database.connection, { mailHost: 'example.com', description: 'x', aliasDomain: null });
    expect(await allDomains(database.connection)).toHaveLength(1);
  });
});
