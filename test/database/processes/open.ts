import { openDatabase } from '../../../src/database/connection.ts';

/** Opens a database as a process of its own does, says so, and ends. */
const [url = ''] = process.argv.slice(2);
const database = await openDatabase(url);
await database.close();
process.stdout.write('open\n');
