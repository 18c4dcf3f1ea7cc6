import type { Template } from '../../src/model/template.ts';
import { type Conversion, textAt } from './conversion.ts';
import { convertSubstitutions } from './substitutions.ts';

/** What is written around a list's own words of welcome, as Mailman 2.1 puts its standard text around them. */
const WELCOME_FRAME = `Welcome to the \${display_name} mailing list!

{words}

To post to this list, send your message to:

  \${listname}

To change how you receive the list, or for help, send a message with the
subject "help" to:

  \${request_email}

To leave the list, send a message to:

  \${short_listname}-leave@\${domain}
`;

/** Texts of config.pck that are templates here. An empty footer means "no footer", so it replaces the shipped one. */
const TEXTS = [
  { key: 'msg_header', name: 'list:member:regular:header', emptyCounts: false },
  { key: 'msg_footer', name: 'list:member:regular:footer', emptyCounts: true },
  { key: 'digest_header', name: 'list:member:digest:header', emptyCounts: false },
  { key: 'digest_footer', name: 'list:member:digest:footer', emptyCounts: true },
  { key: 'goodbye_msg', name: 'list:user:notice:goodbye', emptyCounts: false },
  { key: 'welcome_msg', name: 'list:user:notice:welcome', emptyCounts: false },
] as const;

/** The settings of Mailman 2.1 that become templates. */
export const TEMPLATE_KEYS: readonly string[] = TEXTS.map(({ key }) => key);

/** The headers, footers and notices that a config.pck brings. */
export function convertTemplates(conversion: Conversion): Template[] {
  const templates: Template[] = [];
  for (const { key, name, emptyCounts } of TEXTS) {
    const original = textAt(conversion, key);
    if (original === undefined || (original.trim() === '' && !emptyCounts)) continue;
    const { text, unknown, dropped } = convertSubstitutions(conversion, original);
    for (const placeholder of new Set(unknown)) {
      conversion.notes.needsPerson(key, `${placeholder} is unknown and stays in the text as it is`);
    }
    for (const placeholder of new Set(dropped)) {
      conversion.notes.changedMeaning(
        key,
        `${placeholder} is gone from the text: passwords are not mailed here`,
      );
    }
    const framed = key === 'welcome_msg' ? WELCOME_FRAME.replace('{words}', () => text.trim()) : text;
    templates.push({ name, language: '', source: { text: framed } });
  }
  return templates;
}
