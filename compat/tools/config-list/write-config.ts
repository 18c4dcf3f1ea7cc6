import { numberOf, type PickleValue, PyBytes, type PyDict, PyFloat } from '../../../migrate/pickle/values.ts';
import { pythonRepr } from '../pretty-print.ts';
import { type Attribute, categories } from './attributes.ts';

const DAY = 86_400;

/** What the file says about itself. */
export interface ConfigHeading {
  readonly listName: string;
  readonly charset: string;
  /** When it is written, for people. */
  readonly date: string;
}

/**
 * The settings as a Python file that Mailman 2.1 and config_list -i read (mailman21.md 6.2), one character for each byte.
 * Texts of several lines keep their last line end, which Mailman 2.1 loses.
 * @param toBytes the bytes of a unicode text in the list's charset
 */
export function configSource(
  config: PyDict,
  { listName, charset, date }: ConfigHeading,
  toBytes: (text: string) => string,
): string {
  const lines = [
    '# -*- python -*-',
    `# -*- coding: ${charset} -*-`,
    `## "${listName}" mailing list configuration settings`,
    `## captured on ${date}`,
  ];
  for (const { title, attributes } of categories) {
    lines.push('', `## ${title}`, '#', '');
    for (const attribute of attributes) {
      const value = config.get(attribute.name);
      if (value === undefined) continue;
      lines.push(`# ${attribute.help}`, ...legalValues(attribute));
      lines.push(`${attribute.name} = ${written(attribute, value, toBytes)}`, '');
    }
  }
  return `${lines.join('\n')}\n`;
}

function legalValues({ kind, labels = ['No', 'Yes'] }: Attribute): string[] {
  if (kind !== 'toggle' && kind !== 'choice') return [];
  return ['#', '# legal values are:', ...labels.map((label, index) => `#    ${index} = "${label}"`)];
}

function written({ kind }: Attribute, value: PickleValue, toBytes: (text: string) => string): string {
  if (kind === 'days') {
    const days = (numberOf(value) ?? 0) / DAY;
    return pythonRepr(Number.isInteger(days) ? days : new PyFloat(days));
  }
  if (kind === 'toggle' || kind === 'choice') return String(Number(numberOf(value) ?? 0));
  if (kind === 'lines' && Array.isArray(value))
    return text(value.map((item) => bytesOf(item, toBytes)).join('\n'));
  if (typeof value === 'string' || value instanceof PyBytes) return text(bytesOf(value, toBytes));
  return pythonRepr(value);
}

function bytesOf(value: PickleValue, toBytes: (text: string) => string): string {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? toBytes(value) : '';
}

/** On one line as Python writes it; else between three quotation marks, lines as they are. */
function text(bytes: string): string {
  // A lone line end, or one of another kind, would be changed by whoever reads the file.
  if (!bytes.trim().includes('\n') || bytes.includes('\r') || bytes.includes('\0'))
    return pythonRepr(new PyBytes(bytes));
  return `"""${bytes.replace(/[\\"]/g, '\\$&')}"""`;
}
