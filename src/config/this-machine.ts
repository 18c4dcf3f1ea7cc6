/** Names by which a server on the same machine is called. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/;

/** Whether the host of a URL is the machine that it is written on: nobody else could follow such a link. */
export function isOfThisMachine(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}
