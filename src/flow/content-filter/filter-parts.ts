import { partFileName } from '../../message/file-name.ts';
import type { Part } from '../../message/part.ts';
import { replaceContent } from '../../message/reshape.ts';
import { partBytes } from '../../message/text.ts';
import { walk } from '../../message/walk.ts';
import { type FilterCriteria, objection } from './criteria.ts';

/** Octets of a part that may turn out to be empty, blanks and transfer encoding included. */
const LONGEST_EMPTY = 65_536;

/** A part that was taken out, for the report. */
export interface RemovedPart {
  readonly type: string;
  readonly fileName: string | undefined;
}

/**
 * Takes out the parts that a list does not want, however deep they stand; a multipart of which nothing is left goes too.
 * What cannot be looked at (see Part.isOpaque) is not wanted: anything could be in it.
 * @param removed gets those that were taken out
 * @returns whether something is left
 */
export function filterParts(part: Part, criteria: FilterCriteria, removed: RemovedPart[]): boolean {
  const inner = part.message;
  if (inner)
    return (
      !inner.isOpaque && objection(inner, criteria) === undefined && filterParts(inner, criteria, removed)
    );
  if (part.children.length === 0) return true;
  const kept = part.children.filter((child) => {
    const isWanted =
      !child.isOpaque && objection(child, criteria) === undefined && filterParts(child, criteria, removed);
    if (!isWanted) removed.push(describe(child));
    return isWanted;
  });
  if (kept.length === part.children.length) return true;
  part.children.splice(0, part.children.length, ...kept);
  part.touch();
  return kept.length > 0;
}

/** Puts the first alternative in the place of each multipart/alternative. @returns whether there was one */
export function collapseAlternatives(start: Part): boolean {
  let changed = false;
  for (const part of walk(start)) {
    const { type, subtype } = part.contentType;
    const [first] = part.children;
    if (type !== 'multipart' || subtype !== 'alternative' || !first) continue;
    replaceContent(part, first);
    changed = true;
  }
  return changed;
}

/** Puts the only part of a multipart in its place; what is signed stays whole. @returns whether there was one */
export function unwrapSingles(start: Part): boolean {
  let changed = false;
  const visit = (part: Part): void => {
    if (part.message) visit(part.message);
    if (part.contentType.type !== 'multipart' || part.contentType.subtype === 'signed') return;
    for (const child of part.children) visit(child);
    const [only, ...others] = part.children;
    if (!only || others.length > 0) return;
    replaceContent(part, only);
    changed = true;
  };
  visit(start);
  return changed;
}

/** Of an empty text and one part more only the latter is left. @returns whether it was so */
export function dropEmptyFirst(root: Part): boolean {
  const [first, second, ...others] = root.children;
  if (!first || !second || others.length > 0 || first.isMultipart || first.message) return false;
  if (first.body.length > LONGEST_EMPTY || partBytes(first).toString('latin1').trim() !== '') return false;
  replaceContent(root, second);
  return true;
}

function describe(part: Part): RemovedPart {
  const { type, subtype } = part.contentType;
  return { type: `${type}/${subtype}`, fileName: partFileName(part) };
}
