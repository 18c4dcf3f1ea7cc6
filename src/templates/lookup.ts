import { readOnce } from '../database/read-once.ts';
import { languageChain } from '../language/index.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Template } from '../model/template.ts';
import type { Step } from '../queue/step.ts';
import { type LocalText, localText } from './local.ts';
import { type AuxiliaryName, fallbacks, isTemplateName, type TemplateName } from './names.ts';
import type { Variables } from './placeholders.ts';
import { storedTemplates, storedText } from './stored.ts';

/** What finding and filling a template needs of a step; outside of a step, `connection` is the database's own. */
export type TemplateStep = Pick<Step, 'config' | 'connection' | 'clock' | 'log'>;

export interface WantedTemplate {
  readonly name: TemplateName | AuxiliaryName;
  readonly list: MailingList;
  /** The language of the reader; the list's, the server's and English follow. */
  readonly language: string;
  /** The placeholders of this template, for URIs that have some. */
  readonly variables?: Variables;
}

export interface FoundTemplate {
  readonly text: string;
  /** The language that the text is in; the list's where nobody said. */
  readonly language: string;
}

/**
 * Finds a text as Mailman does: what is set for the list, the domain or the site; else for each language in turn the
 * files for the list, the domain and the site, and the one that is shipped. An empty text was found, too.
 */
export async function findTemplate(step: TemplateStep, wanted: WantedTemplate): Promise<FoundTemplate> {
  const { name, list, language } = wanted;
  const fallback = isTemplateName(name) ? fallbacks[name] : undefined;
  const names = fallback === undefined ? [name] : [name, fallback];
  const stored = await storedTemplates(step, list, names);
  for (const each of names) {
    const ofName = stored.filter((template) => template.name === each);
    const found = await findNamed(step, { ...wanted, name: each }, ofName);
    if (found) return found;
  }
  return { text: '', language };
}

/** @param stored what is set under this name */
async function findNamed(
  step: TemplateStep,
  wanted: WantedTemplate,
  stored: readonly Template[],
): Promise<FoundTemplate | undefined> {
  const { name, list, language } = wanted;
  const listLanguage = list.settings.preferred_language;
  for (const template of stored.filter((each) => each.language === language || each.language === '')) {
    const text = await storedText(step, template, wanted);
    if (text !== undefined) return { text, language: template.language || listLanguage };
  }
  for (const each of languageChain(step.config, language, listLanguage)) {
    for (const template of stored.filter((other) => each !== language && other.language === each)) {
      const text = await storedText(step, template, wanted);
      if (text !== undefined) return { text, language: each };
    }
    const [local] = await localTexts(step, name, list, each);
    if (local) return local;
  }
  return undefined;
}

/** The one that there is, if any; a transaction that works on many posts looks for its file once. */
function localTexts(
  { config, connection }: TemplateStep,
  name: string,
  list: MailingList,
  language: string,
): Promise<readonly LocalText[]> {
  const key = ['file', name, list.listId, language].join('\n');
  return readOnce(connection, 'templates', key, async () => {
    const found = await localText(config, name, list, language);
    return found ? [found] : [];
  });
}
