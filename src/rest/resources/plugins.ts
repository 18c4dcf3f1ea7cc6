import { okayAsIs } from '../answer.ts';
import { collection, pageIn, slice } from '../paging.ts';
import { operation, type Route, route } from '../route.ts';
import type { Resource } from '../values.ts';

/** `/plugins`: those that the configuration names, none of which is ever run */
export const pluginRoutes: readonly Route[] = [
  route(
    '/plugins',
    {
      GET: operation({
        summary: 'The plugins that the configuration names; none of them is run.',
        run: async (call) => {
          const page = pageIn(call.input);
          const plugins = [...call.step.config.plugins.values()]
            .map(({ name }): Resource => {
              const raw = call.step.config.raw(`plugin.${name}`) ?? {};
              const { class: className = '', enabled = 'no', configuration = '' } = raw;
              return {
                name,
                class: className,
                enabled: enabled === 'yes',
                ...(configuration === '' ? {} : { configuration }),
              };
            })
            .sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
          return okayAsIs(collection(page, plugins.length, slice(plugins, page)));
        },
      }),
    },
    { versions: ['3.1'] },
  ),
];
