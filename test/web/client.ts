import { Message } from '../../src/message/message.ts';
import { partText } from '../../src/message/text.ts';
import { unseenDone } from '../../src/web/unseen.ts';
import type { Site } from './site.ts';

let clients = 0;

/** A browser without a screen: keeps cookies, fills in forms. */
export class Client {
  readonly cookies = new Map<string, string>();
  readonly #site: Site;
  readonly #address: string;

  constructor(site: Site) {
    clients += 1;
    this.#site = site;
    this.#address = `192.0.${Math.floor(clients / 250)}.${clients % 250}`;
  }

  async request(method: 'GET' | 'POST', url: string, fields?: Readonly<Record<string, string | string[]>>) {
    const form = new URLSearchParams();
    for (const [name, values] of Object.entries(fields ?? {}))
      for (const value of [values].flat()) form.append(name, value);
    const answer = await this.#site.app.inject({
      method,
      url: url.replace(/#.*$/, ''),
      remoteAddress: this.#address,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: form.toString() } : {}),
    });
    for (const { name, value } of answer.cookies as { name: string; value: string }[]) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Follows redirects. */
  async open(url: string) {
    let answer = await this.request('GET', url);
    for (let left = 5; left > 0 && answer.headers.location !== undefined; left -= 1)
      answer = await this.request('GET', String(answer.headers.location));
    return answer;
  }

  /** Opens a page with a form and sends it, with its hidden fields. */
  async submit(page: string, action: string, fields: Readonly<Record<string, string | string[]>>) {
    const { body } = await this.open(page);
    const start = body.indexOf(`action="${action}"`);
    if (start < 0) throw new Error(`${page} has no form that goes to ${action}:\n${body}`);
    const form = body.slice(start);
    const hidden = [
      ...form.slice(0, form.indexOf('</form>')).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g),
    ];
    const known = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    return this.request('POST', action, { ...known, ...fields });
  }

  signIn(email: string, password: string) {
    return this.submit('/accounts/login/', '/accounts/login/', { email, password });
  }
}

/** A mail that the server wrote, and waits to be sent. */
export interface Written {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** All that was written to somebody since `forgetMails`; pages do not wait for their mails, so this does. */
export async function mailsTo({ services }: Site, address: string): Promise<Written[]> {
  await unseenDone(services);
  const { connection } = services.database;
  const rows: { content: Buffer; metadata: string }[] = await connection('queue_entry')
    .join('queue_message', 'queue_message.message_id', 'queue_entry.message_id')
    .whereIn('queue', ['virgin', 'out'])
    .orderBy('queue_entry.entry_id')
    .select('queue_message.content', 'queue_entry.metadata');
  return rows
    .filter(({ metadata }) => metadata.toLowerCase().includes(address.toLowerCase()))
    .map(({ content }) => {
      const message = Message.parse(content);
      return {
        to: message.headers.get('To') ?? '',
        subject: message.headers.get('Subject') ?? '',
        text: partText(message.root),
      };
    });
}

export async function forgetMails({ services }: Site): Promise<void> {
  await unseenDone(services);
  await services.database.connection('queue_entry').delete();
}
