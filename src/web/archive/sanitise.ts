import sanitizeHtml from 'sanitize-html';
import { escapeHtml } from '../html.ts';
import { obscureText } from '../text/obscure.ts';

/** Characters of HTML that are looked at. */
const MAX_HTML = 1_000_000;
/** Tags that are looked at: elements left open within each other cost time by the square of their number. */
const MAX_TAGS = 20_000;
/** Elements within elements; what is deeper loses its own. */
const MAX_DEPTH = 100;

const TAGS = [
  ...[
    'a',
    'abbr',
    'address',
    'b',
    'blockquote',
    'br',
    'caption',
    'center',
    'cite',
    'code',
    'col',
    'colgroup',
  ],
  ...[
    'dd',
    'del',
    'dfn',
    'div',
    'dl',
    'dt',
    'em',
    'figcaption',
    'figure',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
  ],
  ...[
    'i',
    'img',
    'ins',
    'kbd',
    'li',
    'mark',
    'ol',
    'p',
    'pre',
    'q',
    's',
    'samp',
    'small',
    'span',
    'strike',
    'strong',
  ],
  ...['sub', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
];

/** How the HTML of a mail is made harmless. */
export interface SanitiseOptions {
  /** Whether e-mail addresses are hidden from harvesters. */
  readonly isObscured: boolean;
  /** The data: URL of a picture that came with the message, by its Content-ID. */
  readonly picture: (contentId: string) => string | undefined;
}

/**
 * The formatting of a mail without anything that acts: an allow-list of elements, no styles, no forms, no frames, no
 * remote pictures. Links open in a new window and tell nobody where they were found.
 */
export function sanitise(page: string, { isObscured, picture }: SanitiseOptions): string {
  const plain = (text: string): string => (isObscured ? obscureText(text) : text);
  return sanitizeHtml(beginning(page), {
    allowedTags: TAGS,
    allowedAttributes: {
      '*': ['dir', 'lang'],
      a: ['href', 'rel', 'target'],
      img: ['src', 'alt', 'width', 'height'],
      ol: ['start', 'type'],
      td: ['colspan', 'rowspan', 'align'],
      th: ['colspan', 'rowspan', 'align'],
    },
    allowedSchemes: [],
    allowedSchemesByTag: { a: isObscured ? ['http', 'https'] : ['http', 'https', 'mailto'], img: ['data'] },
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'template',
      'svg',
      'math',
      'xmp',
    ],
    nestingLimit: MAX_DEPTH,
    transformTags: {
      a: (tagName, { href = '' }) => ({
        tagName,
        attribs: {
          // A path of its own would lead into our site.
          ...(/^[a-z]+:/i.test(href.trim()) ? { href: plain(href.trim()) } : {}),
          rel: 'nofollow ugc noopener noreferrer',
          target: '_blank',
        },
      }),
      img: (tagName, { src = '', alt = '', width = '', height = '' }) => {
        const id = /^\s*cid:(.{1,998})$/is.exec(src)?.[1];
        const url = id === undefined ? undefined : picture(decodeId(id.trim()));
        return {
          tagName,
          attribs: {
            ...(url === undefined ? {} : { src: url }),
            alt: plain(alt),
            ...(/^\d{1,4}$/.test(width) ? { width } : {}),
            ...(/^\d{1,4}$/.test(height) ? { height } : {}),
          },
        };
      },
    },
    textFilter: plain,
  });
}

/** As much of a page as is looked at. */
function beginning(page: string): string {
  let end = -1;
  for (let tags = 0; tags <= MAX_TAGS; tags += 1) {
    end = page.indexOf('<', end + 1);
    if (end < 0) return page.slice(0, MAX_HTML);
  }
  return page.slice(0, Math.min(end, MAX_HTML));
}

/** RFC 2392: a Content-ID is percent-encoded in a URL. */
function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A whole document around it. @param style its only stylesheet */
export function frameDocument(markup: string, language: string, style: string): string {
  return `<!doctype html>\n<html lang="${escapeHtml(language)}"><head><meta charset="utf-8"><title>·</title><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><style>${style}</style></head><body>${markup}</body></html>\n`;
}
