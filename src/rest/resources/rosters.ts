import { everybodyPage, rosterPage, searchMembers } from '../../database/member-pages.ts';
import { unsubscribe } from '../../membership/unsubscribe.ts';
import { addressKey } from '../../model/email-address.ts';
import { actions, deliveryModes, deliveryStatuses, type Role, roles } from '../../model/enums.ts';
import { type Answer, okay, okayAsIs } from '../answer.ts';
import { oneOf, oneOfOrBlank, text, texts } from '../converters.ts';
import { parentList } from '../lookup.ts';
import { collection, pageOf, pageParameters } from '../paging.ts';
import { optional, required } from '../parameters.ts';
import { operation, type Route, route } from '../route.ts';
import { memberResources } from '../shapes/member.ts';

/** What collections of members take. */
export const rosterParameters = {
  fields: optional(texts, 'Only these fields of each member.'),
  ...pageParameters,
} as const;

const find = operation({
  summary: 'The memberships that a search finds, nonmembers included.',
  parameters: {
    subscriber: optional(text, 'An address; with * a pattern for address or name.'),
    list_id: optional(text, 'Only on this list.'),
    role: optional(oneOf(roles), 'Only in this role.'),
    moderation_action: optional(oneOfOrBlank(actions), 'Only with this action; blank: without one.'),
    delivery_mode: optional(oneOf(deliveryModes), 'Only those whose posts come like this.'),
    delivery_status: optional(oneOf(deliveryStatuses), 'Only those with this status.'),
    ...rosterParameters,
  },
  isRepeatable: true,
  run: async (call, read): Promise<Answer> => {
    const wanted = read();
    const page = pageOf(wanted);
    const { subscriber } = wanted;
    const search = {
      listId: wanted.list_id,
      role: wanted.role,
      subscriber: subscriber?.includes('*') ? subscriber : subscriber && addressKey(subscriber),
      moderationAction: wanted.moderation_action,
      deliveryMode: wanted.delivery_mode,
      deliveryStatus: wanted.delivery_status,
    };
    const isEmpty = Object.values(search).every((criterion) => criterion === undefined);
    const { total, rows } = isEmpty
      ? { total: 0, rows: [] }
      : await searchMembers(call.connection, search, page);
    return okayAsIs(collection(page, total, memberResources(call, rows, wanted.fields)));
  },
});

/** Each role has a roster; anything else is no path. */
const rosters = roles.map((role: Role) =>
  route(`/lists/:list/roster/${role}`, {
    GET: operation({
      summary: `Those who are ${role} of a list, by address.`,
      parameters: rosterParameters,
      isRepeatable: true,
      run: async (call, read) => {
        const { listId } = await parentList(call);
        const { fields, ...rest } = read();
        const page = pageOf(rest);
        const { total, rows } = await rosterPage(call.connection, listId, role, page);
        return okayAsIs(collection(page, total, memberResources(call, rows, fields)));
      },
    }),
    DELETE: operation({
      summary: 'Removes many at once, and tells nobody.',
      parameters: { emails: required(texts, 'The addresses to remove.') },
      run: async (call, read) => {
        const list = await parentList(call);
        const { emails } = read();
        const were = await unsubscribe(call.connection, list, role, emails);
        return okay(Object.fromEntries(emails.map((email, index) => [email, were[index] ?? false])));
      },
    }),
  }),
);

/** Collections of members. */
export const rosterRoutes: readonly Route[] = [route('/members/find', { GET: find, POST: find }), ...rosters];

/** `GET /members` */
export const allMembers = operation({
  summary: 'Owners, moderators and members of all lists.',
  parameters: rosterParameters,
  isRepeatable: true,
  run: async (call, read) => {
    const { fields, ...rest } = read();
    const page = pageOf(rest);
    const { total, rows } = await everybodyPage(call.connection, page);
    return okayAsIs(collection(page, total, memberResources(call, rows, fields)));
  },
});
