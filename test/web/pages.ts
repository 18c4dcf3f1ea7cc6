import type { Site } from './site.ts';

/** The address of every kind of page on a site made by `fillSite`, by name. */
export async function pagesOf({ archive }: Site): Promise<Readonly<Record<string, string>>> {
  const ant = '/archives/list/ant@example.com';
  const list = (await archive.list('ant.example.com'))?.id ?? 0;
  const newest = await archive.messages({ lists: [list] }, { limit: 40 });
  const hashOf = (text: string): string =>
    newest.items.find(({ subject }) => subject.includes(text))?.hash ?? '';
  const threads = await archive.recentThreads(list, { limit: 50 });
  const longest = threads.items.toSorted((a, b) => b.messages - a.messages)[0]?.hash ?? '';
  const month = new Date(newest.items[0]?.date ?? 0).toISOString().slice(0, 7).replace('-', '/');
  return {
    lists: '/archives/',
    overview: `${ant}/`,
    latest: `${ant}/latest/`,
    months: `${ant}/months/`,
    month: `${ant}/${month}/`,
    thread: `${ant}/thread/${longest}/`,
    flat: `${ant}/thread/${longest}/?view=flat`,
    message: `${ant}/message/${hashOf('picture')}/`,
    html: `${ant}/message/${hashOf('Newsletter')}/?view=html`,
    headers: `${ant}/message/${hashOf('picture')}/headers/`,
    author: `${ant}/author/1/`,
    search: '/archives/search/?q=sensor',
    list_search: `${ant}/search/?q=tunnel&attachment=1`,
    sign_in: '/accounts/login/',
    not_found: '/nowhere/',
    japanese: '/archives/list/ume@example.com/',
  };
}
