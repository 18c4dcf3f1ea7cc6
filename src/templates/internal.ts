import { findList } from '../database/lists.ts';
import { languageChain } from '../language/index.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Step } from '../queue/step.ts';
import { localText } from './local.ts';

/**
 * What `mailman:///[LIST/][LANGUAGE/]NAME.txt` names: a file or a shipped text, looked up for that list and language,
 * or for those at hand. Undefined where there is none.
 */
export async function internalTemplate(
  { config, connection }: Pick<Step, 'config' | 'connection'>,
  url: URL,
  occasion: { readonly list: MailingList; readonly language: string },
): Promise<string | undefined> {
  const segments = segmentsOf(url);
  const name = /^([\w:-][\w:.-]*)\.txt$/.exec(segments.pop() ?? '')?.[1];
  if (name === undefined || segments.length > 2) return undefined;
  let { list, language } = occasion;
  for (const segment of segments) {
    if (config.languages.has(segment)) language = segment;
    else {
      const other = await findList(connection, segment);
      if (!other) return undefined;
      list = other;
    }
  }
  for (const each of languageChain(config, language, list.settings.preferred_language)) {
    const found = await localText(config, name, list, each);
    if (found) return found.text;
  }
  return undefined;
}

function segmentsOf(url: URL): string[] {
  try {
    return url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}
