import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** How the stand-in answers. */
export interface NewsBehaviour {
  /** Name and password that it asks for. */
  readonly login?: readonly [string, string];
  readonly greeting?: string;
  /** Whether LISTGROUP works. */
  readonly lists?: boolean;
  /** Instead of taking an article. */
  readonly onPost?: (article: string) => string | undefined;
}

/** A news server with some groups, after RFC 3977. */
export interface NewsServerStandIn {
  readonly port: number;
  /** Articles by group and number. */
  readonly groups: Map<string, Map<number, string>>;
  /** What was posted, as it came. */
  readonly posted: string[];
  readonly commands: string[];
  behaviour: NewsBehaviour;
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. */
export async function startNewsServer(behaviour: NewsBehaviour = {}): Promise<NewsServerStandIn> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, standIn);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const standIn: NewsServerStandIn = {
    port: (server.address() as AddressInfo).port,
    groups: new Map(),
    posted: [],
    commands: [],
    behaviour,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return standIn;
}

function serve(socket: Socket, standIn: NewsServerStandIn): void {
  const session = new Session(standIn);
  let waiting = '';
  socket.write(`${standIn.behaviour.greeting ?? '200 ready'}\r\n`);
  socket.on('data', (chunk) => {
    waiting += chunk.toString('latin1');
    for (;;) {
      const end = waiting.indexOf(session.isPosting ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const text = waiting.slice(0, end);
      waiting = waiting.slice(end + (session.isPosting ? 5 : 2));
      const answer = session.isPosting ? session.take(`${text}\r\n`) : session.answer(text);
      socket.write(`${answer}\r\n`);
      if (answer.startsWith('205')) socket.end();
    }
  });
}

class Session {
  isPosting = false;
  readonly #standIn: NewsServerStandIn;
  #group: Map<number, string> = new Map();
  #user = '';
  #isLoggedIn = false;

  constructor(standIn: NewsServerStandIn) {
    this.#standIn = standIn;
  }

  answer(line: string): string {
    const { behaviour, commands, groups } = this.#standIn;
    commands.push(line);
    const [command = '', first = '', second = ''] = line.split(' ');
    const mustLogIn = behaviour.login !== undefined && !this.#isLoggedIn;
    switch (command.toUpperCase()) {
      case 'MODE':
        return '200 posting allowed';
      case 'QUIT':
        return '205 bye';
      case 'AUTHINFO':
        return this.#logIn(first, second);
      case 'GROUP': {
        if (mustLogIn) return '480 log in';
        const group = groups.get(first);
        if (!group) return '411 no such group';
        this.#group = group;
        const numbers = [...group.keys()];
        const [low, high] = numbers.length === 0 ? [0, 0] : [Math.min(...numbers), Math.max(...numbers)];
        return `211 ${numbers.length} ${low} ${high} ${first}`;
      }
      case 'LISTGROUP':
        if (behaviour.lists === false) return '500 what?';
        return `211 list follows\r\n${[...this.#group.keys()].map((number) => `${number}\r\n`).join('')}.`;
      case 'ARTICLE': {
        const article = this.#group.get(Number(first));
        return article === undefined ? '423 no such article' : `220 ${first} <x>\r\n${stuffed(article)}.`;
      }
      case 'HEAD': {
        const found = this.#find(first);
        return found === undefined ? '430 no such article' : `221 0 ${first}\r\n${stuffed(headOf(found))}.`;
      }
      case 'POST':
        if (mustLogIn) return '480 log in';
        this.isPosting = true;
        return '340 go ahead';
      default:
        return '500 what?';
    }
  }

  take(stuffedArticle: string): string {
    this.isPosting = false;
    const article = stuffedArticle.replace(/(^|\r\n)\.\./g, '$1.');
    const { behaviour, posted, groups } = this.#standIn;
    const refusal = behaviour.onPost?.(article);
    if (refusal !== undefined) return refusal;
    if (this.#find(/^Message-ID: (.*)\r$/im.exec(article)?.[1] ?? '') !== undefined)
      return '441 435 Duplicate';
    posted.push(article);
    for (const name of (/^Newsgroups: (.*)\r$/im.exec(article)?.[1] ?? '').split(',')) {
      const group = groups.get(name);
      group?.set(Math.max(0, ...group.keys()) + 1, article);
    }
    return '240 posted';
  }

  #find(messageId: string): string | undefined {
    const all = [...this.#standIn.groups.values()].flatMap((group) => [...group.values()]);
    return all.find((article) => headOf(article).includes(`Message-ID: ${messageId}\r\n`));
  }

  #logIn(kind: string, value: string): string {
    const [user, password] = this.#standIn.behaviour.login ?? [];
    if (kind.toUpperCase() === 'USER') {
      this.#user = value;
      return '381 and the password?';
    }
    this.#isLoggedIn = this.#user === user && value === password;
    return this.#isLoggedIn ? '281 welcome' : '481 wrong';
  }
}

function headOf(article: string): string {
  return `${article.split('\r\n\r\n', 1)[0]}\r\n`;
}

function stuffed(text: string): string {
  return text.replace(/(^|\r\n)\./g, '$1..');
}
