import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../errors.ts';
import { isValidAddress } from '../../model/email-address.ts';
import type { Handler } from '../post.ts';

/** Where Mailman looks for them, in the list's folder. */
const FILE_NAME = 'members.txt';

/** A file that is larger was meant for something else. */
const MAX_BYTES = 50_000_000;

export const fileRecipients: Handler = {
  name: 'file-recipients',
  description: "Takes the recipients from members.txt in the list's folder.",
  process: async ({ list, metadata }, { config }) => {
    if (metadata.recipients) return;
    const lines = readLines(join(config.paths.list_data_dir, list.listId, FILE_NAME));
    metadata.recipients = [...new Set(lines.map((line) => line.trim()).filter(isValidAddress))];
  },
};

function readLines(file: string): string[] {
  try {
    const bytes = readFileSync(file);
    return bytes.length > MAX_BYTES ? [] : bytes.toString('utf8').split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
