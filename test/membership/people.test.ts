import { expect, it } from 'vitest';
import { allAddressNames, findAddresses } from '../../src/database/addresses.ts';
import { ensureAddresses } from '../../src/membership/people.ts';
import { onEachDialect } from '../database/dialects.ts';

const mailboxes = Array.from({ length: 1200 }, (_, index) => ({
  address: `p${index}@example.com`,
  displayName: `Person ${index}`,
}));

await onEachDialect('addresses without a user', (place) => {
  it('get one each, and keep what they had', async () => {
    const { connection } = await place.open();
    await ensureAddresses(connection, mailboxes, null);
    await connection('address').where('email', '<>', 'p7@example.com').update({ user_id: null });
    const before = await allAddressNames(connection);
    const kept = before.find(({ email }) => email === 'p7@example.com');

    const given = await ensureAddresses(connection, mailboxes, null);

    const after = await findAddresses(connection, [...given.keys()]);
    expect(after).toEqual(given);
    expect(new Set([...after.values()].map(({ userId }) => userId)).size).toBe(1200);
    expect(after.get('p7@example.com')?.userId).toBe(kept?.userId);
    expect(after.get('p3@example.com')?.displayName).toBe('Person 3');
  });
});
