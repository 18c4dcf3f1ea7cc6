import type { Config } from '../config/index.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { shippedText } from './catalog/index.ts';
import { templateFile } from './files.ts';

export interface LocalText {
  readonly text: string;
  readonly language: string;
}

/** A text from the files of the administrator or from those that are shipped, in one language. */
export async function localText(
  config: Pick<Config, 'paths'>,
  name: string,
  list: MailingList,
  language: string,
): Promise<LocalText | undefined> {
  const text = templateFile(config, { name, list, language }) ?? (await shippedText(name, language));
  return text === undefined ? undefined : { text, language };
}
