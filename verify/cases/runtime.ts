// What Node itself brings: fetch, http, http2, net, child processes.

import type { LibraryCase, Library, Setting } from '../contract';

const sleeper = ['-e', 'setTimeout(() => {}, 6000)'];

export const runtime: readonly LibraryCase[] = [
  {
    entry: 'global:fetch',
    subjects: ['global:fetch'],
    protocol: 'http',
    on: '',
    method: '',
    places: ['call'],
    make: ({ main }) => main,
    call: async (fetch, { url, call }) => (await fetch(url, call)).text(),
  },
  {
    entry: 'node:http',
    subjects: ['node:http'],
    protocol: 'http',
    on: '',
    method: 'get',
    places: ['call', 'method'],
    make: ({ main }) => main,
    call: (http, setting) => body(applied(http.get(setting.url, setting.call), setting)),
  },
  {
    entry: 'node:http',
    title: 'without a listener',
    subjects: ['node:http'],
    protocol: 'http',
    on: 'ClientRequest',
    method: 'none',
    places: [],
    faults: [],
    event: { on: 'ClientRequest', fault: 'refuse' },
    make: ({ main }, { url }) => main.get(url),
    call: () => undefined,
  },
  {
    entry: 'node:http2',
    subjects: ['node:http2'],
    protocol: 'http2',
    on: 'ClientHttp2Session',
    method: 'request',
    places: ['call'],
    event: { on: 'ClientHttp2Session', fault: 'refuse' },
    make: ({ main }, { url, listen }) => listen(main.connect(url)),
    call: (session, { call }) => {
      const stream = session.request({ ':path': '/' }, call);
      return new Promise((resolve, reject) => stream.on('error', reject).on('close', resolve).resume());
    },
  },
  {
    entry: 'node:net',
    subjects: ['node:net'],
    protocol: 'tcp',
    on: 'Socket',
    method: 'none',
    places: [],
    faults: [],
    event: { on: 'Socket', fault: 'refuse' },
    make: ({ main }, { port, host }) => main.connect(port, host),
    call: () => undefined,
  },
  {
    entry: 'node:child_process',
    subjects: ['node:child_process'],
    protocol: 'none',
    on: '',
    method: 'execFile',
    places: ['call'],
    make: ({ main }) => main,
    call: (library, { call }) => new Promise((resolve, reject) => void library.execFile(process.execPath, sleeper, call, (error: unknown) => (error ? reject(error) : resolve(undefined)))),
  },
  {
    entry: 'node:child_process',
    title: 'without a listener',
    subjects: ['node:child_process'],
    protocol: 'none',
    on: 'ChildProcess',
    method: 'none',
    places: [],
    faults: [],
    event: { on: 'ChildProcess', fault: 'refuse' },
    make: ({ main }) => main.spawn('no-such-command-here'),
    call: () => undefined,
  },
  {
    entry: 'execa',
    subjects: ['execa-5', 'execa-9'],
    protocol: 'none',
    on: '',
    method: 'execa',
    places: ['call'],
    make: ({ main, named }) => named.execa ?? main,
    call: (execa, { call }) => execa(process.execPath, sleeper, call),
  },
];

function applied(request: Library, { chain }: Setting): Library {
  for (const { name, value } of chain) request[name](value);
  return request;
}

function body(request: Library): Promise<string> {
  return new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response: Library) => {
      let text = '';
      response.on('data', (data: unknown) => (text += String(data))).on('error', reject).on('end', () => resolve(text));
    });
  });
}
