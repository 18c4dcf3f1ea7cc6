import { escapeHtml, htmlPage } from '../../../migrate/site/html.ts';
import { barPicture } from '../../../migrate/site/pictures.ts';
import type { UtcTime } from '../../../src/model/time.ts';
import { ASPECTS } from './aspects.ts';
import type { ComparedPost } from './compare.ts';
import type { ListParity } from './parity.ts';
import { describeDifference, NOT_COMPARED, percentText } from './text.ts';

/** Rows of one list; all are in `--json`. */
const MOST_SHOWN = 500;

/** The report as a page with pictures, complete in one file. */
export function parityPage(parities: readonly ListParity[], now: UtcTime): string {
  const total = (key: 'posts' | 'equal' | 'improved' | 'different' | 'unknown'): number =>
    parities.reduce((sum, parity) => sum + parity[key], 0);
  const missing = parities.reduce((sum, parity) => sum + parity.missing.length, 0);
  return htmlPage(
    'Mailman 2 and this server, post by post',
    [
      '<h1>Mailman 2 and this server, post by post</h1>',
      `<p class="quiet">Looked at ${escapeHtml(now.slice(0, 16).replace('T', ' '))} UTC.</p>`,
      tiles([
        ['posts', total('posts')],
        ['equal', total('equal')],
        ['better on purpose', total('improved')],
        ['different', total('different')],
        ["not in Mailman 2's logs", total('unknown')],
        ['did not come here', missing],
      ]),
      barPicture(
        'Posts',
        parities.map(({ list, posts }) => ({ label: list, value: posts, shown: String(posts) })),
        String,
      ),
      barPicture(
        'Differences without a reason',
        parities.map(({ list, different }) => ({ label: list, value: different, shown: String(different) })),
        String,
      ),
      improvementPicture(parities),
      ...parities.map(listSection),
    ].join('\n'),
  );
}

function tiles(entries: readonly (readonly [string, number])[]): string {
  const items = entries.map(([label, value]) => `<li><b>${value}</b>${escapeHtml(label)}</li>`);
  return `<ul class="tiles">${items.join('')}</ul>`;
}

function improvementPicture(parities: readonly ListParity[]): string {
  const counts = new Map<string, number>();
  for (const [reason, count] of parities.flatMap(({ improvements }) => Object.entries(improvements))) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  const bars = [...counts].map(([label, value]) => ({ label, value, shown: String(value) }));
  return barPicture('Better on purpose', bars, String);
}

function listSection(parity: ListParity): string {
  const { list, details, missing } = parity;
  const rows = ASPECTS.map((aspect) => {
    const { compared, equal, improved, different } = parity.aspects[aspect];
    if (compared === 0)
      return `<tr><td>${aspect}</td><td colspan="4" class="quiet">${NOT_COMPARED}</td></tr>`;
    const cells = [compared, equal, improved, different].map((value) => `<td class="number">${value}</td>`);
    return `<tr><td>${aspect}</td>${cells.join('')}</tr>`;
  });
  const head = ['compared', 'equal', 'better', 'different'].map(
    (title) => `<th class="number">${title}</th>`,
  );
  const noted = details.filter(({ state }) => state !== 'equal');
  return [
    `<h2>${escapeHtml(list)}: ${escapeHtml(percentText(parity))}</h2>`,
    `<div class="scroll"><table><tr><th></th>${head.join('')}</tr>${rows.join('\n')}</table></div>`,
    noted.length === 0 ? '' : postTable(noted.slice(0, MOST_SHOWN)),
    noted.length > MOST_SHOWN ? `<p class="quiet">and ${noted.length - MOST_SHOWN} more</p>` : '',
    ...missing.slice(0, MOST_SHOWN).map((id) => `<p class="bad">Did not come here: ${escapeHtml(id)}</p>`),
  ].join('\n');
}

function postTable(posts: readonly ComparedPost[]): string {
  const rows = posts.map(
    ({ received_at, sender, subject, message_id, decision, moderator, state, differences }) => {
      const decisions = [
        `there ${decision.mailman2 ?? 'unknown'}`,
        ...(moderator ? [`then ${moderator}`] : []),
        `here ${decision.here}`,
      ];
      const lines = differences.map((difference) => escapeHtml(describeDifference(difference))).join('<br>');
      const cells = [
        escapeHtml(received_at.slice(0, 19).replace('T', ' ')),
        `${escapeHtml(subject)}<br><span class="quiet">${escapeHtml(`${sender} ${message_id}`)}</span>`,
        escapeHtml(decisions.join(', ')),
        `<span class="${state === 'different' ? 'bad' : 'quiet'}">${lines || escapeHtml(state)}</span>`,
      ];
      return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
    },
  );
  return `<div class="scroll"><table><tr><th>came</th><th>post</th><th>decisions</th><th>differences</th></tr>${rows.join('\n')}</table></div>`;
}
