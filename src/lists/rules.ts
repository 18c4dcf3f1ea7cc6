import type { Config } from '../config/index.ts';
import type { ListRules } from './create.ts';

/** What Mailman 2.1 lets the name of a list consist of; lists such as `c++-users` must be able to move. */
const MAILMAN21_CHARACTERS = '[-+_.=0-9a-z]';

/** What the configuration says about new lists. */
export function listRules(config: Config): ListRules {
  const enabled = [...config.languages.values()].filter((language) => language.enabled);
  return {
    nameCharacters: isSetByAdministrator(config) ? config.mailman.listname_chars : MAILMAN21_CHARACTERS,
    languages: new Set(enabled.map(({ code }) => code)),
  };
}

/** A value from a file is named with its line. */
function isSetByAdministrator(config: Config): boolean {
  return /:\d+: \[mailman\]/.test(config.where('mailman', 'listname_chars'));
}
