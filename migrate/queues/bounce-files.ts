import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { type UtcTime, utcFromDay } from '../../src/model/time.ts';
import { flattenMessage } from '../held/flatten.ts';
import { TextDecoding } from '../import21/charset.ts';
import { PickleError } from '../pickle/errors.ts';
import { readPickles } from '../pickle/reader.ts';
import { numberOf, PyTuple } from '../pickle/values.ts';
import type { Site } from '../site/site.ts';
import { namesIn, readSourceFile } from '../site/source-file.ts';

/** A bounce that was recognised and not yet counted. */
export interface RegisteredBounce {
  /** File and number in it. */
  readonly source: string;
  readonly listName: string;
  readonly address: string;
  readonly day: UtcTime;
  readonly message: Buffer;
}

/** The bounces that wait in a site, and which files with some cannot be read. */
export interface BounceFiles {
  readonly bounces: readonly RegisteredBounce[];
  readonly problems: readonly string[];
}

export const NO_BOUNCES: BounceFiles = { bounces: [], problems: [] };

/** What `data/bounce-events-PID.pck` hold. @throws SourceFileError */
export function readBounceFiles(site: Site): BounceFiles {
  const data = join(site.path, 'data');
  const texts = new TextDecoding('utf-8');
  const bounces: RegisteredBounce[] = [];
  const problems: string[] = [];
  for (const file of namesIn(data).filter((name) => /^bounce-events-\d+\.pck$/.test(name))) {
    try {
      for (const [index, event] of readPickles(readSourceFile(join(data, file))).entries()) {
        const [list, address, date, message] = event instanceof PyTuple ? event.items : [];
        const [year = 0, month = 0, day = 0] = date instanceof PyTuple ? date.items.map(numberOf) : [];
        const midnight = utcFromDay(year, month, day);
        const listName = texts.read(list, file);
        const email = texts.read(address, file);
        if (midnight && listName && email)
          bounces.push({
            source: `${file}#${index}`,
            listName,
            address: email,
            day: midnight,
            message: flattenMessage(message),
          });
        else problems.push(`${file}: event ${index} is not as expected`);
      }
    } catch (error) {
      if (!(error instanceof FerrymanError) && !(error instanceof PickleError)) throw error;
      problems.push(`${file} cannot be read: ${error.message}`);
    }
  }
  return { bounces, problems };
}
