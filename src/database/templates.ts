import type { Template, TemplateContext } from '../model/template.ts';
import type { Connection } from './handle.ts';
import { forgetReads, readOnce } from './read-once.ts';
import type { Row } from './rows.ts';
import { query } from './statement.ts';

interface TemplateRow {
  readonly mail_host: string | null;
  readonly list_id: string | null;
  readonly context: string;
  readonly name: string;
  readonly language: string;
  readonly content: string | null;
  readonly uri: string | null;
  readonly username: string | null;
  readonly password: string | null;
}

/** The templates set in exactly this context, by name and language. */
export async function templatesOf(connection: Connection, context: TemplateContext): Promise<Template[]> {
  const rows = await connection<TemplateRow>('template')
    .where('context', contextKey(context))
    .orderBy(['name', 'language']);
  return rows.map(fromRow);
}

/** What is set under these names in these contexts, in their order; what is for one language before what is for all. */
export async function templatesNamed(
  connection: Connection,
  contexts: readonly TemplateContext[],
  names: readonly string[],
): Promise<readonly Template[]> {
  const keys = contexts.map(contextKey);
  return readOnce(connection, 'templates', [...keys, ...names].join('\n'), () =>
    readTemplates(connection, keys, names),
  );
}

async function readTemplates(
  connection: Connection,
  keys: readonly string[],
  names: readonly string[],
): Promise<Template[]> {
  const marks = (values: readonly string[]): string => values.map(() => '?').join(', ');
  const rows = await query<TemplateRow>(
    connection,
    `SELECT * FROM template WHERE context IN (${marks(keys)}) AND name IN (${marks(names)})`,
    [...keys, ...names],
  );
  const place = ({ context, language }: TemplateRow) => 2 * keys.indexOf(context) + (language === '' ? 1 : 0);
  return rows.sort((one, other) => place(one) - place(other)).map(fromRow);
}

/** Sets a template, replacing the one of the same name and language. */
export async function putTemplate(
  connection: Connection,
  context: TemplateContext,
  template: Template,
): Promise<void> {
  forgetReads(connection, 'templates');
  const { source } = template;
  const row: Row = {
    ...owner(context),
    context: contextKey(context),
    name: template.name,
    language: template.language,
    content: 'text' in source ? source.text : null,
    uri: 'uri' in source ? source.uri : null,
    username: 'uri' in source ? source.username : null,
    password: 'uri' in source ? source.password : null,
  };
  await connection('template')
    .insert(row)
    .onConflict(['context', 'name', 'language'])
    .merge(['content', 'uri', 'username', 'password']);
}

/** Removes a template of a list, domain or site. */
export async function deleteTemplate(
  connection: Connection,
  context: TemplateContext,
  { name, language }: Pick<Template, 'name' | 'language'>,
): Promise<void> {
  forgetReads(connection, 'templates');
  await connection<TemplateRow>('template')
    .where({ context: contextKey(context), name, language })
    .delete();
}

function fromRow(row: TemplateRow): Template {
  return {
    name: row.name,
    language: row.language,
    source:
      row.uri === null
        ? { text: row.content ?? '' }
        : { uri: row.uri, username: row.username, password: row.password },
  };
}

function owner(context: TemplateContext): Pick<TemplateRow, 'mail_host' | 'list_id'> {
  switch (context.scope) {
    case 'site':
      return { mail_host: null, list_id: null };
    case 'domain':
      return { mail_host: context.mailHost, list_id: null };
    case 'list':
      return { mail_host: null, list_id: context.listId };
  }
}

function contextKey(context: TemplateContext): string {
  switch (context.scope) {
    case 'site':
      return 'site';
    case 'domain':
      return `domain:${context.mailHost}`;
    case 'list':
      return `list:${context.listId}`;
  }
}
