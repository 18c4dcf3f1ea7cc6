'use strict';
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Ferryman needs Node.js 24 or newer; this is ${process.version}. Run "npm ci" in its folder, which brings one.\n`,
  );
  process.exit(1);
}
require('node:module').enableCompileCache();
const program = process.env.FERRYMAN_PROGRAM === 'server' ? 'server' : 'cli';
delete process.env.FERRYMAN_PROGRAM;
import(`../dist/src/${program}/main.js`).catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist')) throw error;
  process.stderr.write('Ferryman is not built. Run "npm ci" (or "npm run build") in its folder.\n');
  process.exit(1);
});
