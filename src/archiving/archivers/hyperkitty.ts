import { readArchiverSettings } from '../../config/external.ts';
import { postingAddress } from '../../model/mailing-list.ts';
import { type Archiver, ArchivingError } from './archiver.ts';

const TIME_LIMIT_MS = 60_000;

/** Characters of an answer that go into the log. */
const MOST_SHOWN = 300;

/**
 * Posts to HyperKitty as mailman-hyperkitty 1.2 does (mail-flow.md section 14): `POST api/mailman/archive` below
 * `base_url`, with the key in `Authorization: Token KEY`. HyperKitty itself passes over what it has already.
 */
export const hyperkitty: Archiver = {
  wants: ({ settings }) => settings.archive_policy !== 'never',
  archive: async ({ list, message }, { config, name }) => {
    const { base_url = '', api_key = '' } = readArchiverSettings(config, name);
    const url = URL.parse('api/mailman/archive', base_url.endsWith('/') ? base_url : `${base_url}/`);
    if (!url)
      throw new ArchivingError(`[archiver.${name}] base_url: found "${base_url}", expected an address`);
    const form = new FormData();
    form.append('mlist', postingAddress(list));
    form.append('message', new Blob([new Uint8Array(message.toBuffer())]), 'message.txt');
    const { status, text } = await post(url, form, api_key);
    if (status !== 200)
      throw new ArchivingError(
        `${url.href} answers ${status}: ${text.replace(/\s+/g, ' ').slice(0, MOST_SHOWN)}`,
      );
  },
};

async function post(url: URL, body: FormData, key: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { authorization: `Token ${key}` },
      // Nobody else is to get the key.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new ArchivingError(`${url.href} cannot be reached: ${reason}`, { cause: error });
  }
}
