import type { Finding } from './findings.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { SiteReport } from './inspect.ts';
import type { ListReport } from './inspect-list.ts';
import { formatBytes, formatSeconds } from './inspect-text.ts';
import { barPicture } from './pictures.ts';

/** The report of `migrate inspect` as a page with pictures, complete in one file. */
export function inspectionPage(report: SiteReport): string {
  const { lists, totals, estimate_seconds, queues } = report;
  const number = (value: number): string => value.toLocaleString('en');
  const picture = (title: string, of: (list: ListReport) => number, show: (value: number) => string) =>
    barPicture(
      title,
      lists.map((list) => ({ label: list.name, value: of(list), shown: show(of(list)) })),
      show,
    );
  return htmlPage(
    `Mailman 2.1 site in ${report.source}`,
    [
      `<h1>A Mailman 2.1 site, before it moves</h1>`,
      `<p class="quiet">${escapeHtml(report.source)}, looked at ${escapeHtml(report.inspected_at.slice(0, 16).replace('T', ' '))} UTC; nothing was written.</p>`,
      tiles([
        ['lists', number(totals.lists)],
        ['members', number(totals.members)],
        ['held posts', number(totals.held_posts)],
        ['requests', number(totals.held_requests)],
        ['confirmations', number(totals.confirmations)],
        ['archives', formatBytes(totals.archive_bytes)],
        ['time for the lists', formatSeconds(estimate_seconds.lists)],
        ['time for the archives', formatSeconds(estimate_seconds.archives)],
      ]),
      findings('Needs a decision', report.findings, 'decision'),
      findings('Works otherwise than before', report.findings, 'change'),
      '<h2>In pictures</h2>',
      picture('Members', ({ members }) => members, number),
      picture('Held posts', ({ held_posts }) => held_posts, number),
      picture('Archives', ({ archive }) => archive.mbox_bytes, formatBytes),
      barPicture(
        'Messages in queues',
        queues.map(({ queue, messages }) => ({ label: queue, value: messages, shown: number(messages) })),
        number,
      ),
      '<h2>Lists</h2>',
      listTable(lists, number),
      settingsTable(report),
    ].join('\n'),
  );
}

function tiles(entries: readonly (readonly [string, string])[]): string {
  const items = entries.map(([label, value]) => `<li><b>${escapeHtml(value)}</b>${escapeHtml(label)}</li>`);
  return `<ul class="tiles">${items.join('')}</ul>`;
}

function findings(heading: string, all: readonly Finding[], kind: Finding['kind']): string {
  const own = all.filter((finding) => finding.kind === kind);
  if (own.length === 0) return '';
  const rows = own.map(
    ({ list, subject, text }) =>
      `<tr><td>${escapeHtml(list ?? 'the site')}</td><td>${escapeHtml(subject)}</td><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<h2>${escapeHtml(heading)} (${own.length})</h2><div class="scroll"><table><tr><th>list</th><th>what</th><th></th></tr>${rows.join('\n')}</table></div>`;
}

function listTable(lists: readonly ListReport[], number: (value: number) => string): string {
  const heading = ['members', 'digest', 'disabled', 'held', 'requests', 'tokens', 'archive'];
  const rows = lists.map((list) => {
    const name = `<td>${escapeHtml(list.address ?? list.name)}<br><span class="quiet">${escapeHtml(list.description)}</span></td>`;
    if (list.problem !== null)
      return `<tr>${name}<td class="bad" colspan="${heading.length}">${escapeHtml(list.problem)}</td></tr>`;
    const cells = [
      number(list.members),
      number(list.digest_members),
      number(list.disabled),
      number(list.held_posts),
      number(list.held_subscriptions + list.held_unsubscriptions),
      number(list.confirmations),
      formatBytes(list.archive.mbox_bytes),
    ];
    return `<tr>${name}${cells.map((cell) => `<td class="number">${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const head = heading.map((title) => `<th class="number">${title}</th>`).join('');
  return `<div class="scroll"><table><tr><th>list</th>${head}</tr>${rows.join('\n')}</table></div>`;
}

function settingsTable({ mm_cfg }: SiteReport): string {
  if (mm_cfg.settings.length === 0) return '';
  const rows = mm_cfg.settings.map(
    ({ name, value, fate, text }) =>
      `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(JSON.stringify(value))}</td><td>${escapeHtml(fate)}</td><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<h2>Settings of mm_cfg.py</h2><div class="scroll"><table><tr><th>name</th><th>value</th><th></th><th>here</th></tr>${rows.join('\n')}</table></div>`;
}
