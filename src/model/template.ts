/** Where a template applies. */
export type TemplateContext =
  | { readonly scope: 'site' }
  | { readonly scope: 'domain'; readonly mailHost: string }
  | { readonly scope: 'list'; readonly listId: string };

/** Where the text of a template comes from: kept here, or fetched from a URI. */
export type TemplateSource =
  | { readonly text: string }
  | { readonly uri: string; readonly username: string | null; readonly password: string | null };

/** A text that replaces one that is shipped. */
export interface Template {
  /** Mailman's name, such as `list:member:regular:footer`. */
  readonly name: string;
  /** A language code, or '' for all languages. */
  readonly language: string;
  readonly source: TemplateSource;
}
