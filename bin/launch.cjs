'use strict';
const programs = { server: 'src/server', pipe: 'src/mta/pipe', wrapper: 'compat/wrapper' };
const program = programs[process.env.FERRYMAN_PROGRAM] ?? 'src/cli';
delete process.env.FERRYMAN_PROGRAM;
// EX_TEMPFAIL: a mail server keeps the mail and tries again.
const failure = ['src/mta/pipe', 'compat/wrapper'].includes(program) ? 75 : 1;
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Ferryman needs Node.js 24 or newer; this is ${process.version}. Run "npm ci" in its folder, which brings one.\n`,
  );
  process.exit(failure);
}
require('node:module').enableCompileCache();
import(`../dist/${program}/main.js`).catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist')) throw error;
  process.stderr.write('Ferryman is not built. Run "npm ci" (or "npm run build") in its folder.\n');
  process.exit(failure);
});
