import { fileURLToPath } from 'node:url';
import { templatesNamed } from '../database/templates.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { postingAddress } from '../model/mailing-list.ts';
import type { Template, TemplateContext } from '../model/template.ts';
import type { Step } from '../queue/step.ts';
import { fetchedText, type TemplateUri } from './fetching.ts';
import { permittedFile } from './files.ts';
import { internalTemplate } from './internal.ts';
import { expand, type Variables } from './placeholders.ts';

type StoredStep = Pick<Step, 'config' | 'connection' | 'clock' | 'log'>;

/** What a URI may depend on beside the list. */
interface Occasion {
  readonly list: MailingList;
  /** The language of the reader. */
  readonly language: string;
  readonly variables?: Variables;
}

/** What is set for the list, its domain or the site under these names, the list's first. */
export function storedTemplates(
  { connection }: Pick<Step, 'connection'>,
  { listId, mailHost }: MailingList,
  names: readonly string[],
): Promise<readonly Template[]> {
  const contexts: readonly TemplateContext[] = [
    { scope: 'list', listId },
    { scope: 'domain', mailHost },
    { scope: 'site' },
  ];
  return templatesNamed(connection, contexts, names);
}

/** The text of what is set; undefined where it cannot be had, so that the next context counts. */
export async function storedText(
  step: StoredStep,
  { source }: Template,
  occasion: Occasion,
): Promise<string | undefined> {
  if ('text' in source) return source.text;
  const uri = expandUri(source.uri, occasion);
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      return (await fetchedText(step, { ...source, uri } satisfies TemplateUri)) ?? undefined;
    case 'file:':
      return permittedFile(step.config, filePath(url));
    case 'mailman:':
      return internalTemplate(step, url, occasion);
    default:
      return undefined;
  }
}

/** Fills the placeholders of a URI; what is filled in cannot become more than a part of a path or a host name. */
function expandUri(uri: string, { list, language, variables = {} }: Occasion): string {
  const all: Variables = {
    ...variables,
    list_id: list.listId,
    listname: postingAddress(list),
    domain_name: list.mailHost,
    language,
  };
  const encoded = Object.entries(all).map(([name, value]) => [
    name,
    encodeURIComponent(value).replaceAll('%40', '@'),
  ]);
  return expand(uri, Object.fromEntries(encoded) as Variables);
}

function filePath(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch {
    return '';
  }
}
