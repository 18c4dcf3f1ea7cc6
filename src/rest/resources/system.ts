import { ownSections } from '../../config/schema/own.ts';
import { chains } from '../../flow/chains/index.ts';
import { pipelines } from '../../flow/pipelines.ts';
import { systemPreferences } from '../../model/preferences.ts';
import { okay } from '../answer.ts';
import { shownAs } from '../enums.ts';
import { notFound } from '../errors.ts';
import { part } from '../lookup.ts';
import { operation, type Route, route } from '../route.ts';

/** The Mailman whose interfaces are spoken; Postorius and others read the number. */
const MAILMAN_VERSION = 'GNU Mailman 3.3.8 (Tom Sawyer)';

/** Mailman's clients know nothing of what lists taken over from Mailman 2.1 have besides. */
const MAILMAN21 = /^mailman21-/;

const PIPELINES: ReadonlySet<string> = new Set([
  'default-owner-pipeline',
  'default-posting-pipeline',
  'virgin',
]);

const versions = operation({
  summary: 'The versions of the server.',
  run: async (call) =>
    okay({
      mailman_version: MAILMAN_VERSION,
      python_version: `Node.js ${process.version}`,
      api_version: call.version,
      self_link: call.link('/system/versions'),
    }),
});

/** What Mailman does not have is not among the names, but can be asked for. */
const OWN_SECTIONS: ReadonlySet<string> = new Set([...Object.keys(ownSections), 'paths.debian']);

/** `/system` */
export const systemRoutes: readonly Route[] = [
  route('/system', { GET: versions }),
  route('/system/versions', { GET: versions }, { refusesBelow: true }),
  route(
    '/system/preferences',
    {
      GET: operation({
        summary: 'What applies where nobody has set anything.',
        run: async (call) =>
          okay({
            acknowledge_posts: systemPreferences.acknowledge_posts,
            delivery_mode: shownAs.deliveryMode(systemPreferences.delivery_mode),
            delivery_status: shownAs.deliveryStatus(systemPreferences.delivery_status),
            hide_address: systemPreferences.hide_address,
            receive_list_copy: systemPreferences.receive_list_copy,
            receive_own_postings: systemPreferences.receive_own_postings,
            preferred_language: call.step.config.mailman.default_language,
            self_link: call.link('/system/preferences'),
          }),
      }),
    },
    { refusesBelow: true },
  ),
  route('/system/configuration', {
    GET: operation({
      summary: 'The names of all sections that Mailman has; others can be asked for as well.',
      run: async (call) =>
        okay({
          sections: call.step.config.rawSections().filter((name) => !OWN_SECTIONS.has(name)),
          self_link: call.link('/system/configuration'),
        }),
    }),
  }),
  route(
    '/system/configuration/:section',
    {
      GET: operation({
        summary: 'A section of the configuration, values as written.',
        run: async (call) => {
          const section = part(call, 'section');
          const values = call.step.config.raw(section);
          if (!values) throw notFound();
          return okay({ ...values, self_link: call.link(`/system/configuration/${section}`) });
        },
      }),
    },
    { refusesBelow: true },
  ),
  route(
    '/system/pipelines',
    {
      GET: operation({
        summary: 'The names of all pipelines of Mailman.',
        run: async () =>
          okay({ pipelines: pipelines.map(({ name }) => name).filter((name) => PIPELINES.has(name)) }),
      }),
    },
    { refusesBelow: true },
  ),
  route(
    '/system/chains',
    {
      GET: operation({
        summary: 'The names of all chains of Mailman.',
        run: async () =>
          okay({ chains: chains.map(({ name }) => name).filter((name) => !MAILMAN21.test(name)) }),
      }),
    },
    { refusesBelow: true },
  ),
];
