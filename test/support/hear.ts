import type { ChildProcess } from 'node:child_process';

/** Characters that are kept. */
const MOST = 4000;

/** Collects what a process says on its standard error, which must be a pipe, and passes it on; for messages of failures. */
export function hear(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-MOST);
    process.stderr.write(text);
  });
  return () => said.trim();
}
