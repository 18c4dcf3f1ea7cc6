import type { Sender } from '../../archiving/store/types.ts';
import { type Html, html } from '../html.ts';
import { obscureText } from '../text/obscure.ts';
import type { ListVisit } from './list-visit.ts';

/** What a sender is called here: a name, else the address, as far as it may be seen. */
export function nameOf(
  { name, address }: Pick<Sender, 'name' | 'address'>,
  { say, isObscured }: Pick<ListVisit, 'say' | 'isObscured'>,
): string {
  const shown = name || address || say('message_unknown_author');
  return isObscured ? obscureText(shown) : shown;
}

/** The name with a link to all that its owner wrote on the list. */
export function authorLink(sender: Sender, visit: ListVisit): Html {
  const { urls, list } = visit;
  return html`<a class="author" href="${urls.list(list, `author/${sender.id}/`)}" rel="nofollow"><bdi>${nameOf(sender, visit)}</bdi></a>`;
}
