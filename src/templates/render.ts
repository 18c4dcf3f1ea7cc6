import type { Step } from '../queue/step.ts';
import { type FoundTemplate, findTemplate, type TemplateStep, type WantedTemplate } from './lookup.ts';
import { isTemplateName, templateDefinitions } from './names.ts';
import { expand } from './placeholders.ts';
import { listVariables } from './variables.ts';
import { wrap } from './wrap.ts';

/**
 * The text of a template with its placeholders filled, wrapped as the template wants it (mail-flow.md section 8). The
 * general placeholders of the list come by themselves.
 */
export async function renderTemplate(step: TemplateStep, wanted: WantedTemplate): Promise<string> {
  return fillTemplate(step, wanted, await findTemplate(step, wanted));
}

/** Fills a template that was found before: once for many readers. */
export function fillTemplate(
  step: Pick<Step, 'config'>,
  { name, list, language, variables = {} }: WantedTemplate,
  found: FoundTemplate,
): string {
  const siteOwner = step.config.mailman.site_owner;
  const all = { ...listVariables(list, { siteOwner, language }), ...variables };
  const options = { sentenceSpacing: found.language === 'en' };
  switch (isTemplateName(name) ? templateDefinitions[name].wrapped : 'no') {
    case 'no':
      return expand(found.text, all);
    case 'before':
      return expand(wrap(found.text, options), all);
    case 'after':
      return wrap(expand(found.text, all), options);
  }
}
