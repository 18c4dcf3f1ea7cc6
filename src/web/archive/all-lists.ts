import { allLists } from '../../database/lists.ts';
import { belongsTo } from '../viewer.ts';
import type { Visit } from '../visit.ts';
import { type ListVisit, mayRead, readableList } from './list-visit.ts';

/** All lists whose archives somebody may search without naming them, by the archive's key. */
export async function searchableLists(visit: Visit): Promise<Map<number, ListVisit>> {
  const { services, viewer } = visit;
  const archive = await visit.openArchive();
  const archived = new Map((await archive.lists()).map((one) => [one.listId, one]));
  const visits = new Map<number, ListVisit>();
  for (const list of await allLists(services.database.connection)) {
    const entry = archived.get(list.listId);
    const isShown = list.settings.advertised || belongsTo(viewer, list);
    if (entry && isShown && mayRead(visit, list)) {
      // Results of several lists are in the language of the site.
      visits.set(entry.id, {
        ...(await readableList(visit, { list, archive, archived: entry })),
        say: visit.say,
      });
    }
  }
  return visits;
}
