import { findAddress } from '../../database/addresses.ts';
import { findList } from '../../database/lists.ts';
import { findMember, rosterEntriesOf } from '../../database/member-pages.ts';
import { refuseChangeWhereMailman2InCharge } from '../../membership/mailman2-in-charge.ts';
import {
  changeAddressPreferences,
  changeMemberPreferences,
  changeUserPreferences,
} from '../../membership/preferences.ts';
import { deliveryModes, deliveryStatuses } from '../../model/enums.ts';
import { noPreferences, type Preferences } from '../../model/preferences.ts';
import { noContent, okay } from '../answer.ts';
import { bool, language, oneOf } from '../converters.ts';
import { shownAs } from '../enums.ts';
import { noSuchPath } from '../errors.ts';
import { idInPath, parseId } from '../ids.ts';
import { part } from '../lookup.ts';
import { allOptional, required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import { addressLink } from '../shapes/address.ts';
import { memberLink } from '../shapes/member.ts';
import { userLink } from '../shapes/user.ts';
import { findUserNamed } from '../user-lookup.ts';
import type { Resource, RestValue } from '../values.ts';

const parameters = {
  acknowledge_posts: required(bool, 'Whether a post is acknowledged to its author.'),
  delivery_mode: required(oneOf(deliveryModes), 'How posts come.'),
  delivery_status: required(oneOf(deliveryStatuses), 'Whether posts come.'),
  hide_address: required(bool, 'Whether the address is hidden from other members.'),
  preferred_language: required(language, 'The code of a language.'),
  receive_list_copy: required(
    bool,
    'Whether a copy comes although the post was addressed to the member, too.',
  ),
  receive_own_postings: required(bool, 'Whether own posts come back.'),
} as const;

/** Mailman's order, which is not that of its parameters. */
const ORDER = [
  'acknowledge_posts',
  'delivery_mode',
  'delivery_status',
  'hide_address',
  'receive_list_copy',
  'receive_own_postings',
  'preferred_language',
] as const;

/** Somebody or something that has preferences. */
interface Holder {
  readonly preferences: Preferences;
  readonly link: string;
  change(call: Call, change: Partial<Preferences>): Promise<unknown>;
}

type FindHolder = (call: Call) => Promise<Holder>;

const ofMember: FindHolder = async (call) => {
  const memberId = parseId(call.version, part(call, 'member'));
  const member = memberId === undefined ? undefined : await findMember(call.connection, memberId);
  if (!member) throw noSuchPath();
  return {
    preferences: member.preferences,
    link: `${memberLink(call, member.memberId)}/preferences`,
    change: async ({ connection, step }, change) => {
      await refuseChangeWhereMailman2InCharge(connection, member);
      return changeMemberPreferences(connection, member, change, step.clock.now());
    },
  };
};

const ofAddress: FindHolder = async (call) => {
  const address = await findAddress(call.connection, part(call, 'email'));
  if (!address) throw noSuchPath();
  return {
    preferences: address.preferences,
    link: `${addressLink(call, address.email)}/preferences`,
    change: ({ connection }, change) => changeAddressPreferences(connection, address, change),
  };
};

const ofUser: FindHolder = async (call) => {
  const user = await findUserNamed(call);
  if (!user) throw noSuchPath();
  return {
    preferences: user.preferences,
    link: `${userLink(call, user.userId)}/preferences`,
    change: ({ connection }, change) => changeUserPreferences(connection, user, change),
  };
};

/** Those preferences that are set. */
function shown(preferences: Preferences): Resource {
  const values: Readonly<Record<keyof Preferences, RestValue>> = {
    ...preferences,
    delivery_mode: preferences.delivery_mode && shownAs.deliveryMode(preferences.delivery_mode),
    delivery_status: preferences.delivery_status && shownAs.deliveryStatus(preferences.delivery_status),
  };
  return Object.fromEntries(
    ORDER.filter((name) => values[name] !== null).map((name) => [name, values[name]]),
  );
}

function operations(find: FindHolder): Route['methods'] {
  return {
    GET: operation({
      summary: 'What is set here.',
      run: async (call) => {
        const { preferences, link } = await find(call);
        return okay({ ...shown(preferences), self_link: link });
      },
    }),
    PATCH: operation({
      summary: 'Sets some preferences.',
      parameters: allOptional(parameters),
      run: async (call, read) => {
        const holder = await find(call);
        await holder.change(call, read() as Partial<Preferences>);
        return noContent;
      },
    }),
    PUT: operation({
      summary: 'Sets all preferences.',
      parameters,
      run: async (call, read) => {
        const holder = await find(call);
        await holder.change(call, read());
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Leaves all preferences to what applies otherwise.',
      run: async (call) => {
        const holder = await find(call);
        await holder.change(call, noPreferences);
        return noContent;
      },
    }),
  };
}

const effective = operation({
  summary: 'What applies to a membership in the end.',
  run: async (call) => {
    const memberId = parseId(call.version, part(call, 'member')) ?? '';
    const [entry] = await rosterEntriesOf(call.connection, [memberId]);
    const list = entry && (await findList(call.connection, entry.member.listId));
    if (!list) throw noSuchPath();
    const { preferences } = entry;
    return okay({
      acknowledge_posts: preferences.acknowledge_posts,
      delivery_mode: shownAs.deliveryMode(preferences.delivery_mode),
      delivery_status: shownAs.deliveryStatus(preferences.delivery_status),
      receive_list_copy: preferences.receive_list_copy,
      receive_own_postings: preferences.receive_own_postings,
      preferred_language: preferences.preferred_language || list.settings.preferred_language,
      self_link: call.link(`/members/${idInPath(call.version, memberId)}/all/preferences`),
    });
  },
});

/** Preferences of members, addresses and users. */
export const preferenceRoutes: readonly Route[] = [
  route('/members/:member/preferences', operations(ofMember)),
  route('/members/:member/all/:what', { GET: effective }),
  route('/addresses/:email/preferences', operations(ofAddress)),
  route('/users/:user/preferences', operations(ofUser), { refusesBelow: true }),
];
