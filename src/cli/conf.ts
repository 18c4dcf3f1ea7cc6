import type { Config } from '../config/index.ts';
import { type ShowRequest, showConfig } from '../config/show.ts';
import type { CliCommand } from './command.ts';
import { openTarget } from './output-file.ts';

interface Options extends ShowRequest {
  readonly output?: string;
  readonly json?: boolean;
}

/** `mailman conf` */
export const conf: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Show the configuration as it is in use, values unexpanded: defaults, and over them mailman.cfg.',
      )
      .option('-s, --section <SECTION>', 'Only this section.')
      .option('-k, --key <KEY>', 'Only this key; with a section, its bare value.')
      .option('-o, --output <FILE>', 'Write to this file; - is standard output.')
      .option('--json', 'Show it as JSON: keys by section.')
      .action(({ section, key, output, json }: Options) => {
        const config = context.config();
        const entries = showConfig(config, { section, key });
        const target = openTarget(context, output);
        if (json) target.printJson(toJson(config, { section, key }));
        else for (const line of entries.flatMap((entry) => entry.split('\n'))) target.print(line);
        target.finish();
      });
  },
};

function toJson(config: Config, { section, key }: ShowRequest) {
  const sections = section === undefined ? config.rawSections() : [section];
  const chosen = sections.map((name): [string, Record<string, string>] => {
    const entries = Object.entries(config.raw(name) ?? {}).filter(
      ([one]) => key === undefined || one === key,
    );
    return [name, Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))];
  });
  return Object.fromEntries(chosen.filter(([, values]) => Object.keys(values).length > 0));
}
