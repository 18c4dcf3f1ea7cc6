import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingPostfix } from '../../peers/postfix.ts';
import { describeWhere } from '../../support/where-available.ts';
import { excerptOf, readGuide } from './guide.ts';
import { OldSite } from './old-site.ts';

const GUIDE = readGuide('docs/moving.md');
const AFTER = excerptOf(GUIDE, '/etc/postfix/main.cf, shared domain, after');
const STAFF = 'staff@lists.example.com';
const AUTHOR = 'one@staff.example.com';

describeWhere(missingPostfix(), 'a list whose domain is that of the accounts of the machine', () => {
  let site: OldSite;

  beforeAll(async () => {
    site = await OldSite.start(excerptOf(GUIDE, '/etc/postfix/main.cf, shared domain, before'), ['staff']);
    site.places.write('/etc/mailman.cfg', excerptOf(GUIDE, '/etc/mailman.cfg'));
    expect(site.shell('mailman migrate run /var/lib/mailman').status).toBe(0);
  });

  afterAll(() => site?.stop());

  /** @param id of a post, which all three members get once */
  async function deliveredBy(id: string): Promise<string> {
    const { mailman2, ferryman, recipients, twice } = await site.post(AUTHOR, STAFF, id);
    expect([recipients.length, twice]).toEqual([3, []]);
    return `${mailman2} by Mailman 2, ${ferryman} by Ferryman`;
  }

  function refusal(command: string): string {
    const { status, output } = site.shell(command);
    expect(status).toBe(1);
    return output;
  }

  test('does not move before Postfix knows the maps and there is somebody to take the mail', () => {
    const said = refusal(`mailman cutover observe ${STAFF}`);
    expect(said).toContain('name it in virtual_alias_maps of its main.cf');
    expect(said).toContain('start the server with "mailman start"');
    expect(site.shell('mailman start').status).toBe(0);
  });

  test('does not move where Postfix would not find Mailman 2’s aliases', () => {
    site.setPostfix(AFTER.replace(', localhost,', ','));
    site.shell('postfix reload');
    expect(refusal(`mailman cutover observe ${STAFF}`)).toContain('add it to mydestination of its main.cf');
    site.setPostfix(AFTER);
    site.shell('postfix reload');
  });

  test('is named by its address where somebody says its name', () => {
    expect(refusal('mailman cutover observe staff')).toContain(`No such list: staff; say ${STAFF}`);
  });

  test('moves, each post reaching each member once', async () => {
    expect(await deliveredBy('legacy')).toBe('3 by Mailman 2, 0 by Ferryman');
    expect(site.shell(`mailman cutover observe ${STAFF}`).status).toBe(0);
    expect(await deliveredBy('observe')).toBe('3 by Mailman 2, 0 by Ferryman');
    expect(refusal(`mailman cutover lead --yes ${STAFF}`)).toContain('was never compared');
    // Mailman 2 may still be at work on the last post, and its list changes with it.
    const attempt = () => [
      site.shell('mailman migrate verify /var/lib/mailman --list staff').output,
      site.shell(`mailman cutover lead --yes ${STAFF}`),
    ];
    await expect.poll(attempt, { timeout: 40_000 }).toMatchObject([expect.anything(), { status: 0 }]);
    expect(await deliveredBy('lead')).toBe('0 by Mailman 2, 3 by Ferryman');
  });

  test('led from here, is not overwritten by another import', () => {
    site.shell(`mailman delmembers -l ${STAFF} -m ${AUTHOR}`);
    site.shell(`/usr/lib/mailman/bin/remove_members staff two@staff.example.com`);
    expect(site.shell('mailman migrate run /var/lib/mailman').output).toContain(
      `${STAFF} is in the stage lead: it is left as it is here`,
    );
    const members = site
      .shell(`mailman members ${STAFF}`)
      .output.toLowerCase()
      .match(/\w+@staff/g);
    expect(members?.sort()).toEqual(['three@staff', 'two@staff']);
    expect(site.shell('mailman migrate verify /var/lib/mailman').output).toContain('not compared');
  });
});
