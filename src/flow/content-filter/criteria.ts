import { partExtension, partExtensions } from '../../message/file-name.ts';
import type { Part } from '../../message/part.ts';
import type { ListSettings } from '../../model/settings/index.ts';

/** Which parts a list takes; an empty set of those that pass lets all pass. */
export interface FilterCriteria {
  readonly filterTypes: ReadonlySet<string>;
  readonly passTypes: ReadonlySet<string>;
  readonly filterExtensions: ReadonlySet<string>;
  readonly passExtensions: ReadonlySet<string>;
}

/** The list's settings, compared in lower case: types as `major/minor` or `major`, extensions without their dot. */
export function filterCriteria(settings: ListSettings): FilterCriteria {
  return {
    filterTypes: lowerCase(settings.filter_types),
    passTypes: lowerCase(settings.pass_types),
    filterExtensions: extensions(settings.filter_extensions),
    passExtensions: extensions(settings.pass_extensions),
  };
}

/** Why a part is not taken; undefined where it is. What is inside of it is not looked at. */
export function objection(part: Part, criteria: FilterCriteria): string | undefined {
  const { type, subtype } = part.contentType;
  const holdsType = (types: ReadonlySet<string>): boolean =>
    types.has(type) || types.has(`${type}/${subtype}`);
  if (holdsType(criteria.filterTypes)) return "The message's content type was explicitly disallowed";
  if (criteria.passTypes.size > 0 && !holdsType(criteria.passTypes))
    return "The message's content type was not explicitly allowed";
  if (partExtensions(part).some((extension) => criteria.filterExtensions.has(extension)))
    return "The message's file extension was explicitly disallowed";
  const extension = partExtension(part);
  if (extension !== '' && criteria.passExtensions.size > 0 && !criteria.passExtensions.has(extension))
    return "The message's file extension was not explicitly allowed";
  return undefined;
}

function lowerCase(values: readonly string[]): Set<string> {
  return new Set(values.map((value) => value.trim().toLowerCase()).filter((value) => value !== ''));
}

function extensions(values: readonly string[]): Set<string> {
  return new Set([...lowerCase(values)].map((value) => value.replace(/^\./, '')));
}
