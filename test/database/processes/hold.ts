import SqliteFile from 'better-sqlite3';

/** Holds the write lock of an SQLite file until its standard input ends. */
const [file = ''] = process.argv.slice(2);
const database = new SqliteFile(file);
database.exec('BEGIN IMMEDIATE');
process.stdout.write('held\n');
process.stdin.resume().once('end', () => {
  database.exec('ROLLBACK');
  database.close();
});
