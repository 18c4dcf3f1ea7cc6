/** A text as it stands in HTML, also in quoted attributes. Characters that could turn the direction of others are shown. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole page; it loads nothing and runs nothing. @param body HTML */
export function htmlPage(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; --line: #8884; --bar: #3b7dd8; --bad: #c0392b; --quiet: #777; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.2rem; font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td:last-child { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.tiles { display: flex; flex-wrap: wrap; gap: .8rem; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .9rem; min-width: 7rem; }
.tiles b { display: block; font-size: 1.4rem; } .quiet { color: var(--quiet); } .bad { color: var(--bad); }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } svg { max-width: 100%; height: auto; }
svg text { font-size: 12px; fill: currentColor; } svg rect { fill: var(--bar); } svg .value { fill: var(--quiet); }
.scroll { overflow-x: auto; }
@media (max-width: 40rem) {
  table:not(:has(.number)) :is(tbody, tr, td) { display: block; } table:not(:has(.number)) tr:has(th) { display: none; }
  table:not(:has(.number)) tr { padding: .4rem 0; border-bottom: 1px solid var(--line); }
  table:not(:has(.number)) td { padding: 0; border: 0; } table:not(:has(.number)) td:first-child { font-weight: 600; }
}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}
