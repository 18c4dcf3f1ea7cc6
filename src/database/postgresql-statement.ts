/** What a statement takes for its marks; the driver's own types would bring it along. */
type Value = string | number | null | Buffer;

/** The part of pg's client that is used. */
export interface PostgresqlHandle {
  query(
    statement: string | { readonly name?: string; readonly text: string; readonly values: readonly Value[] },
  ): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;
}

interface Prepared {
  readonly name?: string;
  readonly text: string;
}

/** Statements that the server keeps for each connection; of further ones it must make a plan every time. */
const MAX_NAMED = 300;

const prepared = new Map<string, Prepared>();
let names = 0;

/** Runs a statement, written with `?` for values, which the server has to read and plan only once for each connection. */
export async function runPrepared(handle: PostgresqlHandle, sql: string, values: readonly Value[]) {
  try {
    return await handle.query({ ...prepare(sql), values });
  } catch (error) {
    // Another process has changed the table meanwhile; under a new name the next attempt gets a new plan.
    if ((error as { code?: unknown }).code === '0A000') prepared.delete(sql);
    throw error;
  }
}

function prepare(sql: string): Prepared {
  const known = prepared.get(sql);
  if (known) return known;
  let marks = 0;
  const text = sql.replaceAll('?', () => {
    marks += 1;
    return `$${marks}`;
  });
  if (prepared.size >= MAX_NAMED) return { text };
  names += 1;
  const statement = { name: `ferryman_${names}`, text };
  prepared.set(sql, statement);
  return statement;
}
