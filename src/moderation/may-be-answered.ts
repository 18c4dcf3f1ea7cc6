import type { Message } from '../message/message.ts';

/**
 * Whether a message may be answered automatically: it must not come from a list, a robot or a mail server (RFC 3834 2).
 * Mailman 3 compares `Precedence` in lower case only and so answers bulk mail; this does not.
 */
export function mayBeAnswered({ headers }: Message): boolean {
  const value = (name: string): string => (headers.get(name) ?? '').toLowerCase();
  if (value('X-Ack') === 'yes') return true;
  if (value('X-Ack') === 'no' || headers.has('X-No-Ack')) return false;
  if (['bulk', 'junk', 'list'].includes(value('Precedence'))) return false;
  if (headers.fields.some(({ name }) => name.toLowerCase().startsWith('list-'))) return false;
  if (headers.has('Auto-Submitted') && value('Auto-Submitted') !== 'no') return false;
  return value('Return-Path') !== '<>';
}
