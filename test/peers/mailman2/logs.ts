import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Appends to `logs/NAME` as Mailman 2.1 does: only the first line of a text has date and process. */
export function log(varDir: string, name: string, line: string): void {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${MONTHS[now.getMonth()]} ${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const stamped = `${date} ${time} ${now.getFullYear()} (${process.pid}) ${line}\n`;
  appendFileSync(join(varDir, 'logs', name), stamped, { mode: 0o660, encoding: 'latin1' });
}
