import { type Html, html } from '../html.ts';
import type { Visit } from '../visit.ts';

/** What was searched for, as the form has it. */
export interface SearchWishes {
  readonly text: string;
  readonly from: string;
  /** Days, `2024-03-09`; '' for none. */
  readonly after: string;
  readonly before: string;
  readonly hasAttachment: boolean;
  readonly order: 'relevance' | 'date';
  /** Results to leave out. */
  readonly offset: number;
}

/** Characters of one field that are looked at. */
const MAX_FIELD = 500;
const MAX_OFFSET = 10_000;

/** Reads what the form sent; what cannot be understood is left out. */
export function readWishes(query: URLSearchParams): SearchWishes {
  const field = (name: string): string => (query.get(name) ?? '').trim().slice(0, MAX_FIELD);
  const day = (name: string): string => (/^\d{4}-\d\d-\d\d$/.test(field(name)) ? field(name) : '');
  const offset = Number(query.get('offset') ?? 0);
  return {
    text: field('q'),
    from: field('from'),
    after: day('after'),
    before: day('before'),
    hasAttachment: query.get('attachment') === '1',
    order: query.get('sort') === 'date' ? 'date' : 'relevance',
    offset: Number.isSafeInteger(offset) ? Math.min(Math.max(offset, 0), MAX_OFFSET) : 0,
  };
}

/** Whether anything is to be looked for. */
export function isAsked({ text, from, after, before, hasAttachment }: SearchWishes): boolean {
  return text !== '' || from !== '' || after !== '' || before !== '' || hasAttachment;
}

/** The wishes as they stand in an address. */
export function wishesQuery(wishes: SearchWishes, offset: number): string {
  const fields = new URLSearchParams();
  const set = (name: string, value: string): void => {
    if (value !== '') fields.set(name, value);
  };
  set('q', wishes.text);
  set('from', wishes.from);
  set('after', wishes.after);
  set('before', wishes.before);
  if (wishes.hasAttachment) fields.set('attachment', '1');
  if (wishes.order === 'date') fields.set('sort', 'date');
  if (offset > 0) fields.set('offset', String(offset));
  return fields.toString();
}

/** @param action where the form leads */
export function searchForm({ say }: Pick<Visit, 'say'>, wishes: SearchWishes, action: string): Html {
  const { text, from, after, before, hasAttachment, order } = wishes;
  const isDetailed = from !== '' || after !== '' || before !== '' || hasAttachment || order === 'date';
  return html`<form class="search" role="search" action="${action}" aria-label="${say('search_title')}">
<p class="words"><label for="q">${say('search_words')}</label>
<span><input id="q" name="q" type="search" value="${text}" maxlength="${MAX_FIELD}"><button type="submit">${say('search_button')}</button></span></p>
<details${isDetailed && html` open`}><summary>${say('search_more')}</summary>
<div class="fields">
<p><label for="from">${say('search_from')}</label><input id="from" name="from" value="${from}" maxlength="${MAX_FIELD}"></p>
<p><label for="after">${say('search_after')}</label><input id="after" name="after" type="date" value="${after}"></p>
<p><label for="before">${say('search_before')}</label><input id="before" name="before" type="date" value="${before}"></p>
<p><label for="sort">${say('search_sort')}</label><select id="sort" name="sort">
<option value="">${say('search_by_relevance')}</option>
<option value="date"${order === 'date' && html` selected`}>${say('search_by_date')}</option>
</select></p>
<p class="check"><input id="attachment" name="attachment" type="checkbox" value="1"${hasAttachment && html` checked`}><label for="attachment">${say('search_attachment')}</label></p>
</div>
</details>
</form>`;
}
