import type { Config } from '../config/index.ts';
import { FerrymanError } from '../errors.ts';

/** A port cannot be had, or there is no such host; the message names the setting. */
export class ListenError extends FerrymanError {
  override name = 'ListenError';
}

/**
 * Starts what listens where the configuration says.
 * @param setting section and key of the port
 * @throws ListenError for what the system says, with the place of the setting
 */
export async function listening<T>(
  config: Config,
  [section, key]: readonly [string, string],
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!isAboutListening(error)) throw error;
    throw new ListenError(`${config.where(section, key)}: ${error.message}`, { cause: error });
  }
}

function isAboutListening(error: unknown): error is Error {
  return (
    error instanceof Error && 'syscall' in error && /^(listen|bind|getaddrinfo)/.test(String(error.syscall))
  );
}
