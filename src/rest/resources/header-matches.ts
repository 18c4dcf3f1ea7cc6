import { headerMatchesOf } from '../../database/header-matches.ts';
import { actions } from '../../model/enums.ts';
import type { HeaderMatch } from '../../model/header-match.ts';
import {
  addHeaderMatch,
  changeHeaderMatch,
  HeaderMatchError,
  matchAt,
  removeHeaderMatch,
  removeHeaderMatches,
} from '../../moderation/header-matches.ts';
import { type Answer, created, noContent, okay, okayAsIs } from '../answer.ts';
import { integer, oneOfOrBlank, regexp, text } from '../converters.ts';
import { shownAs } from '../enums.ts';
import { badRequest, noSuchPath, notFound } from '../errors.ts';
import { parentList, part } from '../lookup.ts';
import { collection, pageIn, slice } from '../paging.ts';
import { optional, required, type ValuesOf } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import type { Resource } from '../values.ts';

const action = optional(oneOfOrBlank(actions), 'What is done; blank: as [antispam] jump_chain says.');
const tag = optional(text, 'A name to find it by.');
const position = optional(integer, 'Where it stands among the others, from 0.');
const header = 'The name of a header; * for any.';
const pattern = 'A regular expression, searched without regard to case.';

const partly = {
  header: optional(text, header),
  pattern: optional(regexp, pattern),
  position,
  action,
  tag,
} as const;

const wholly = { ...partly, header: required(text, header), pattern: required(regexp, pattern) } as const;

function resource(call: Call, listId: string, match: HeaderMatch, place: number): Resource {
  return {
    position: place,
    header: match.header,
    pattern: match.pattern,
    self_link: call.link(`/lists/${listId}/header-matches/${place}`),
    ...(match.action === null ? {} : { action: shownAs.action(match.action) }),
    ...(match.tag === null ? {} : { tag: match.tag }),
  };
}

/** @throws RestError 404 where it is no number */
function placeOf(call: Call): number {
  const place = part(call, 'position');
  if (!/^\d{1,9}$/.test(place)) throw noSuchPath();
  return Number(place);
}

/** What was left out stays; names of headers and tags are kept in lower case when they change. */
function changeOf(wanted: ValuesOf<typeof partly>): Parameters<typeof changeHeaderMatch>[3] {
  return {
    ...(wanted.header === undefined ? {} : { header: wanted.header.toLowerCase() }),
    ...(wanted.pattern === undefined ? {} : { pattern: wanted.pattern }),
    ...(wanted.action === undefined ? {} : { action: wanted.action }),
    ...(wanted.tag === undefined ? {} : { tag: wanted.tag.toLowerCase() }),
    position: wanted.position,
  };
}

async function orRefuse<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HeaderMatchError)) throw error;
    throw error.problem === 'missing' ? notFound(error.message) : badRequest(error.message);
  }
}

const find = operation({
  summary: 'The header matches with a header, an action or a tag.',
  parameters: {
    header: optional(text, 'The name of a header.'),
    action: optional(oneOfOrBlank(actions), 'What is done.'),
    tag: optional(text, 'A tag.'),
  },
  run: async (call, read) => {
    const { listId } = await parentList(call);
    const wanted = read();
    const matches = await headerMatchesOf(call.connection, listId);
    const entries = matches.flatMap((match, place) =>
      (wanted.header === undefined || match.header === wanted.header) &&
      (wanted.action === undefined || match.action === wanted.action) &&
      (wanted.tag === undefined || match.tag === wanted.tag)
        ? [resource(call, listId, match, place)]
        : [],
    );
    if (entries.length === 0) throw notFound('Cound not find any HeaderMatch for provided search options.');
    return okayAsIs(collection({ start: 0, count: undefined }, entries.length, entries));
  },
});

/** `/lists/{list}/header-matches` */
export const headerMatchRoutes: readonly Route[] = [
  route('/lists/:list/header-matches', {
    GET: operation({
      summary: 'The header matches of a list, in the order in which they are tried.',
      run: async (call) => {
        const { listId } = await parentList(call);
        const page = pageIn(call.input);
        const matches = await headerMatchesOf(call.connection, listId);
        const entries = slice(
          matches.map((match, place) => resource(call, listId, match, place)),
          page,
        );
        return okayAsIs(collection(page, matches.length, entries));
      },
    }),
    POST: operation({
      summary: 'Adds a header match behind the others.',
      parameters: { header: wholly.header, pattern: wholly.pattern, action, tag },
      run: async (call, read) => {
        const { listId } = await parentList(call);
        const wanted = read();
        const match: HeaderMatch = {
          header: wanted.header.toLowerCase(),
          pattern: wanted.pattern,
          action: wanted.action ?? null,
          tag: wanted.tag ?? null,
        };
        const place = await orRefuse(() => addHeaderMatch(call.connection, listId, match));
        return created(call.link(`/lists/${listId}/header-matches/${place}`));
      },
    }),
    DELETE: operation({
      summary: 'Removes all header matches.',
      run: async (call) => {
        const { listId } = await parentList(call);
        await removeHeaderMatches(call.connection, listId);
        return noContent;
      },
    }),
  }),
  route('/lists/:list/header-matches/find', { GET: find, POST: find }),
  route('/lists/:list/header-matches/:position', {
    GET: operation({
      summary: 'A header match.',
      run: async (call) => {
        const place = placeOf(call);
        const { listId } = await parentList(call);
        const matches = await headerMatchesOf(call.connection, listId);
        return okay(resource(call, listId, await orRefuse(() => matchAt(matches, place)), place));
      },
    }),
    PATCH: operation({
      summary: 'Changes or moves a header match.',
      parameters: partly,
      run: (call, read) => change(call, read),
    }),
    PUT: operation({
      summary: 'Sets header and pattern of a header match; what else is left out stays.',
      parameters: wholly,
      run: (call, read) => change(call, read),
    }),
    DELETE: operation({
      summary: 'Removes a header match; those behind it move up.',
      run: async (call) => {
        const place = placeOf(call);
        const { listId } = await parentList(call);
        await orRefuse(() => removeHeaderMatch(call.connection, listId, place));
        return noContent;
      },
    }),
  }),
];

/** PATCH and PUT differ in what must be given. */
async function change(call: Call, read: () => ValuesOf<typeof partly>): Promise<Answer> {
  const place = placeOf(call);
  const { listId } = await parentList(call);
  await refuseMissing(call, listId, place);
  await orRefuse(() => changeHeaderMatch(call.connection, listId, place, changeOf(read())));
  return noContent;
}

/** What is not there is said before what is wrong with the parameters. */
async function refuseMissing(call: Call, listId: string, place: number): Promise<void> {
  const matches = await headerMatchesOf(call.connection, listId);
  await orRefuse(() => matchAt(matches, place));
}
