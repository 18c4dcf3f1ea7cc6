import { decode } from '../../message/charset.ts';
import { Headers } from '../../message/headers.ts';
import { Part } from '../../message/part.ts';
import { partBytes } from '../../message/text.ts';
import { cleanAddress } from '../address-scan.ts';
import type { Detection, Detector } from '../detection.ts';

const MAX_OCTETS = 1_000_000;
const MAX_LINE = 2000;

type Outcome = keyof Detection;

/** The fields of one recipient, by lower-case name. */
type Fields = ReadonlyMap<string, string>;

/**
 * Delivery status notifications (RFC 3464), also for international addresses (RFC 6533). The address that the list
 * sent to counts, as far as the report names it; `failed` is permanent even with a 4.x.x status, because the other side
 * has given up.
 */
export const dsn: Detector = {
  name: 'RFC 3464',
  detect: ({ parts }) => {
    const found: Record<Outcome, string[]> = { permanent: [], temporary: [], delivered: [] };
    for (const part of parts.filter(isStatus)) {
      for (const fields of recipientFields(statusText(part))) {
        const address = recipientOf(fields);
        const outcome = outcomeOf(fields);
        if (address !== undefined && outcome !== undefined) found[outcome].push(address);
      }
    }
    return found;
  },
};

function isStatus({ contentType: { type, subtype } }: Part): boolean {
  return type === 'message' && (subtype === 'delivery-status' || subtype === 'global-delivery-status');
}

function statusText(part: Part): string {
  const whole = part.body.length <= MAX_OCTETS;
  const bytes = whole
    ? partBytes(part)
    : partBytes(new Part(new Headers(part.headers.fields), part.body.subarray(0, MAX_OCTETS)));
  return decode(bytes, undefined).replaceAll('\r\n', '\n');
}

/** The groups of fields that empty lines separate; a group without a recipient is about the message. */
function* recipientFields(text: string): Generator<Fields> {
  let fields = new Map<string, string>();
  let last: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.slice(0, MAX_LINE).trimEnd();
    if (line === '') {
      yield fields;
      fields = new Map();
      last = undefined;
    } else if (/^[ \t]/.test(line)) {
      const value = last === undefined ? undefined : fields.get(last);
      if (last !== undefined && value !== undefined && value.length < MAX_LINE)
        fields.set(last, `${value} ${line.trim()}`);
    } else {
      const colon = line.indexOf(':');
      last = colon > 0 ? line.slice(0, colon).trim().toLowerCase() : undefined;
      // Some write the recipients without empty lines between them.
      if (last === 'final-recipient' && fields.has('final-recipient')) {
        yield fields;
        fields = new Map();
      }
      if (last !== undefined && !fields.has(last)) fields.set(last, line.slice(colon + 1).trim());
    }
  }
  yield fields;
}

function recipientOf(fields: Fields): string | undefined {
  for (const name of ['original-recipient', 'final-recipient', 'x-actual-recipient']) {
    const address = genericAddress(fields.get(name) ?? '');
    if (address !== undefined) return address;
  }
  return undefined;
}

/** `rfc822; bart@example.com`, `utf-8; b\x{E4}rt@example.com`; some leave out the type, or add a comment. */
function genericAddress(value: string): string | undefined {
  const semicolon = value.indexOf(';');
  const type = value.slice(0, Math.max(semicolon, 0)).trim().toLowerCase();
  const rest = value.slice(semicolon + 1).trim();
  const open = rest.indexOf('<');
  const bare =
    open >= 0
      ? rest.slice(open + 1).split('>', 1)[0]
      : rest.startsWith('"')
        ? rest
        : rest.split(/[ \t(]/, 1)[0];
  return cleanAddress(decodeXtext(bare ?? '', type));
}

/**
 * RFC 3461 4 (xtext) and RFC 6533 3 (utf-8-addr-xtext). Most reports are decoded already, so only what must be encoded
 * counts as such: `ant+2Bfan` is encoded, `ant+ab` is an address with an extension.
 */
function decodeXtext(text: string, type: string): string {
  const plain = text.replace(/\+(2B|3D|20)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (type !== 'utf-8') return plain;
  return plain.replace(/\\x\{([0-9A-Fa-f]{2,6})\}/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function outcomeOf(fields: Fields): Outcome | undefined {
  const action = fields.get('action')?.toLowerCase() ?? '';
  const status = fields.get('status') ?? '';
  if (action.startsWith('fail')) return 'permanent';
  if (action.startsWith('delay')) return 'temporary';
  if (/^(?:relayed|delivered|expanded)/.test(action)) return 'delivered';
  if (action !== '') return undefined;
  return status.startsWith('5') ? 'permanent' : status.startsWith('4') ? 'temporary' : undefined;
}
