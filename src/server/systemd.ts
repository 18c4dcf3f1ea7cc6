import { execFile } from 'node:child_process';

/**
 * Tells systemd how it stands (sd_notify), where it asked for that by NOTIFY_SOCKET. Node has no datagram sockets of
 * Unix's kind, so systemd's own command says it; without that command nothing is said.
 * @param state such as `READY=1`
 */
export function notifySystemd(...state: readonly string[]): void {
  if (!process.env.NOTIFY_SOCKET) return;
  execFile('systemd-notify', [`--pid=${process.pid}`, ...state], () => {});
}
