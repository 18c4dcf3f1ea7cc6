import { readArchiverSettings } from '../../config/external.ts';
import { type Archiver, ArchivingError } from './archiver.ts';

/** Sends posts of public lists to mail-archive.com, as they are, from the list's -bounces address. */
export const mailArchive: Archiver = {
  wants: ({ settings }) => settings.archive_policy === 'public',
  archive: async ({ list, message }, { config, inStep, name }) => {
    const { recipient = '' } = readArchiverSettings(config, name);
    if (recipient === '') throw new ArchivingError(`[archiver.${name}] names no recipient`);
    await inStep(({ enqueue }) =>
      enqueue('out', message.toBuffer(), {
        listid: list.listId,
        recipients: [recipient],
        nodecorate: true,
        verp: false,
      }),
    );
  },
};
