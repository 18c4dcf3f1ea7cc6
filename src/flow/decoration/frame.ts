import { archiveLinks } from '../../archiving/links.ts';
import type { Config } from '../../config/index.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Frame } from '../../queue/queues.ts';
import type { Step } from '../../queue/step.ts';
import { findTemplate } from '../../templates/lookup.ts';
import { fillTemplate } from '../../templates/render.ts';
import { frameVariables, type Reader, readerVariables } from '../../templates/variables.ts';

const NAMES = { header: 'list:member:regular:header', footer: 'list:member:regular:footer' } as const;

/** The texts that a list puts around its posts, with their placeholders unfilled. */
export async function findFrame(step: Step, list: MailingList): Promise<Frame> {
  const language = list.settings.preferred_language;
  const wanted = { list, language, variables: frameVariables(list) };
  const header = await findTemplate(step, { ...wanted, name: NAMES.header });
  const footer = await findTemplate(step, { ...wanted, name: NAMES.footer });
  return { header: header.text, footer: footer.text };
}

/** Whether there is nothing to put around a post. */
export function isEmptyFrame({ header, footer }: Frame): boolean {
  return header.trim() === '' && footer.trim() === '';
}

/** What placeholders are filled with. */
export interface FrameContext {
  readonly config: Config;
  readonly list: MailingList;
  /** The post's Message-ID-Hash, for links to the archive. */
  readonly hash: string | undefined;
}

/** Fills a frame for all readers (whose own placeholders stay), or for one. */
export function frameFiller({ config, list, hash }: FrameContext): (frame: Frame, reader?: Reader) => Frame {
  const links = archiveLinks(config, list, hash).flatMap(({ archiver, permalink }) =>
    permalink ? [[`${archiver}_url`, permalink] as const] : [],
  );
  const common = { ...frameVariables(list), ...Object.fromEntries(links) };
  const language = list.settings.preferred_language;
  return (frame, reader) => {
    const variables = reader ? { ...common, ...readerVariables(reader) } : common;
    const fill = (name: (typeof NAMES)[keyof typeof NAMES], text: string): string =>
      text === '' ? '' : fillTemplate({ config }, { name, list, language, variables }, { text, language });
    return { header: fill(NAMES.header, frame.header), footer: fill(NAMES.footer, frame.footer) };
  };
}
