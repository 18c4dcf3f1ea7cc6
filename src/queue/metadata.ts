import { FerrymanError } from '../errors.ts';
import type { MessageMetadata } from './queues.ts';

/** What should travel with a message is damaged. */
export class MetadataError extends FerrymanError {
  override name = 'MetadataError';
}

/** Reads what travels with a message, as it is stored. @throws MetadataError where it is no JSON object */
export function readMetadata(text: string): MessageMetadata {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new MetadataError(`What travels with this message is damaged: ${(error as Error).message}`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    throw new MetadataError('What travels with this message is damaged: it is no object');
  return found;
}

/** The same; undefined where it is damaged. */
export function metadataIfSound(text: string): MessageMetadata | undefined {
  try {
    return readMetadata(text);
  } catch (error) {
    if (error instanceof MetadataError) return undefined;
    throw error;
  }
}

/** What is stored of an entry that is shunted: with the queue that it comes back to, or as it is where it is damaged. */
export function withOrigin(text: string, whichq: string): string {
  const metadata = metadataIfSound(text);
  return metadata ? JSON.stringify({ ...metadata, whichq }) : text;
}
