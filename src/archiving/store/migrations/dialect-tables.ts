/** Where the next keys of messages and threads come from; PostgreSQL's sequences need no waiting for each other. */
export const sqliteCounters = [
  'CREATE TABLE archive_counter (name text PRIMARY KEY, value integer NOT NULL) WITHOUT ROWID',
  "INSERT INTO archive_counter (name, value) VALUES ('archive_message', 0), ('archive_thread', 0)",
];

export const postgresqlSequences = [
  'CREATE SEQUENCE archive_message_ids AS integer',
  'CREATE SEQUENCE archive_thread_ids AS integer',
];

/**
 * The words of messages, under the keys of messages, without the texts. What a word is was decided before: the
 * tokenizer has nothing but blanks to look for.
 */
export const sqliteIndex = `CREATE VIRTUAL TABLE archive_index USING fts5(
  subject, sender, body, files, scope, content = '', contentless_delete = 1, tokenize = 'ascii')`;

/**
 * The words of messages in their order, compressed by PostgreSQL, and an index of what words there are: the places of
 * words, which a tsvector in the table would hold once more, took twice as much room as all the rest.
 */
export const postgresqlIndex = [
  'CREATE TABLE archive_index (message_id integer PRIMARY KEY, words text COLLATE "C" NOT NULL)',
  // Most searches need only the keys: the texts lie elsewhere.
  'ALTER TABLE archive_index SET (toast_tuple_target = 128)',
  `CREATE INDEX archive_index_words ON archive_index USING gin (
     array_to_tsvector(string_to_array(btrim(words, ' '), ' ')))`,
];
