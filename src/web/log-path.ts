/** A token of Mailman 2.1 or ours, which confirms for whoever has it. */
const TOKEN = /[0-9a-f]{40}/gi;
const SIGN_IN_LINK = /(\/accounts\/link\/)[^/?]+/g;

/**
 * An address as it may stand in a log: without its query and without tokens, which are nobody's business who reads it.
 * @param address a path, or a whole address as in a Referer field
 */
export function withoutSecrets(address: string): string {
  const [path = ''] = address.split(/[?#]/);
  return path.replace(TOKEN, '…').replace(SIGN_IN_LINK, '$1…');
}
