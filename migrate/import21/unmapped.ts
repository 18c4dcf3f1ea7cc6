import { showVerbatim } from '../../src/model/verbatim.ts';
import type { PickleValue } from '../pickle/values.ts';
import { type Conversion, shortly } from './conversion.ts';
import { toVerbatim } from './verbatim.ts';

/** Why a known setting of Mailman 2.1 is kept without effect. */
const WITHOUT_MEANING: ReadonlyMap<string, string> = new Map([
  ['data_version', 'the version of the file format'],
  ['next_post_number', 'Mailman 2.1 does not use it either'],
  ['pipeline', 'a pipeline of its own, whose handlers do not exist here'],
  ['send_reminders', 'passwords are not mailed here'],
  ['use_dollar_strings', 'the texts have been converted'],
]);

const NEEDS_PERSON: ReadonlySet<string> = new Set(['pipeline']);

/** Keeps what has no place here under its old name. */
export function keepUnmapped(conversion: Conversion, mapped: ReadonlySet<string>): void {
  const { config, legacySettings, notes, texts } = conversion;
  for (const [key, value] of config) {
    const text = texts.read(key, 'config.pck');
    if (text !== undefined && mapped.has(text)) continue;
    const name = unusedName(conversion, key, text);
    const verbatim = toVerbatim(value, texts);
    legacySettings.set(name, verbatim);
    const reason = WITHOUT_MEANING.get(name) ?? 'no setting of Mailman 2.1';
    if (!NEEDS_PERSON.has(name)) notes.keptAside(name, reason);
    else notes.needsPerson(name, `${reason}: ${JSON.stringify(showVerbatim(verbatim)).slice(0, 200)}`);
  }
}

/** Keys that are no texts, or that look alike once they are, get a name nevertheless. */
function unusedName(conversion: Conversion, key: PickleValue, text: string | undefined): string {
  const plain = text ?? shortly(conversion, key);
  for (let name = plain, number = 2; ; number += 1) {
    if (!conversion.legacySettings.has(name)) return name;
    name = `${plain} (${number})`;
  }
}
