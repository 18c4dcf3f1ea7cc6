import type { Config } from './config.ts';
import { ARCHIVER_CLASSES, RUNNER_CLASSES } from './schema/classes.ts';
import type { Findings } from './settings.ts';
import { quote } from './values.ts';

/** Checks what no single value shows: values that need another, and names that must exist elsewhere in the file. */
export function checkTogether(config: Config, findings: Findings): void {
  const complain = (section: string, key: string, found: string, expected: string) =>
    findings.problems.push(`${config.where(section, key)}: found ${quote(found)}, expected ${expected}`);
  const note = (section: string, key: string, text: string) =>
    findings.notices.push(`${config.where(section, key)}: ${text}`);

  const { default_language: language, pre_hook, post_hook } = config.mailman;
  if (!config.languages.get(language)?.enabled) {
    const known = [...config.languages.values()].filter((one) => one.enabled).map((one) => one.code);
    complain('mailman', 'default_language', language, `one of the enabled languages ${known.join(', ')}`);
  }
  if (pre_hook !== '') note('mailman', 'pre_hook', 'a Python function, is not run');
  if (post_hook !== '') note('mailman', 'post_hook', 'a Python function, is not run');

  for (const runner of config.runners.values()) {
    if (runner.start && runner.kind === undefined) {
      const expected = `one of ${Object.keys(RUNNER_CLASSES).join(', ')}, or "start: no"`;
      complain(`runner.${runner.name}`, 'class', runner.class, expected);
    }
  }
  for (const archiver of config.archivers.values()) {
    if (archiver.enable && archiver.kind === undefined) {
      const expected = `one of ${Object.keys(ARCHIVER_CLASSES).join(', ')}, or "enable: no"`;
      complain(`archiver.${archiver.name}`, 'class', archiver.class, expected);
    }
  }
  for (const plugin of config.plugins.values()) {
    if (plugin.enabled) note(`plugin.${plugin.name}`, 'class', 'a Python plugin, is not run');
  }

  const arc = config.ARC;
  if (arc.enabled) {
    const needed = {
      privkey: 'the path of a private key',
      selector: 'a selector',
      domain: 'a domain name',
    } as const;
    for (const key of ['privkey', 'selector', 'domain'] as const) {
      if (arc[key] === '') complain('ARC', key, '', `${needed[key]}, because [ARC] enabled is yes`);
    }
    if (!arc.sig_headers.some((header) => header.toLowerCase() === 'from')) {
      complain('ARC', 'sig_headers', arc.sig_headers.join(', '), 'a list with From in it');
    }
  }
}
