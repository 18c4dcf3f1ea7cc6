import { type HttpListening, listenHttp } from '../http/listening.ts';
import type { Services } from '../queue/step.ts';
import { createWebApp } from './app.ts';
import type { WebContext } from './visit.ts';

/** Serves the web pages as `[web]` says. @throws ListenError */
export async function startWeb(
  services: Services,
  openArchive: WebContext['openArchive'],
): Promise<HttpListening> {
  const { host, port } = services.config.web;
  const openForReaders = async () => {
    const archive = await openArchive();
    archive.prepareSearch();
    return archive;
  };
  return listenHttp(createWebApp(services, openForReaders), host, port, services.config.where('web', 'port'));
}
