/** For the HTML of mails in their frames. */
export const frameStyle =
  ':root{color-scheme:light dark}body{margin:.5rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}table{border-collapse:collapse;max-width:100%}td,th{padding:.1rem .4rem;vertical-align:top}pre{white-space:pre-wrap}blockquote{margin:.6rem 0 .6rem .2rem;padding-left:.8rem;border-left:2px solid #8886}';
