// SDKs of services, against a server that stands for the service.

import type { LibraryCase } from '../contract';

export const sdks: readonly LibraryCase[] = [
  {
    entry: 'stripe',
    subjects: ['stripe-17', 'stripe-23'],
    protocol: 'http',
    on: 'Stripe',
    method: 'balance.retrieve',
    places: ['construct'],
    base: { construct: { maxNetworkRetries: 0 } },
    make: ({ main }, { host, port, construct }) => new main('sk_test_x', { host, port, protocol: 'http', telemetry: false, ...construct }),
    call: (stripe) => stripe.balance.retrieve(),
  },
  {
    entry: 'stripe',
    title: 'retries',
    subjects: ['stripe-17', 'stripe-23'],
    protocol: 'http',
    on: 'none',
    method: 'none',
    places: [],
    faults: [],
    retry: { of: 'Stripe', place: 'construct' },
    make: ({ main }, { host, port, construct }) => new main('sk_test_x', { host, port, protocol: 'http', telemetry: false, ...construct }),
    call: (stripe) => stripe.balance.retrieve(),
  },
  ...[
    { entry: 'openai', subjects: ['openai-4', 'openai-6'], of: 'OpenAI', method: 'models.list' },
    { entry: '@anthropic-ai/sdk', subjects: ['anthropic-ai__sdk-1'], of: 'Anthropic', method: 'messages.create' },
  ].flatMap(({ entry, subjects, of, method }): LibraryCase[] => {
    const shared: Pick<LibraryCase, 'entry' | 'subjects' | 'protocol' | 'make' | 'call'> = {
      entry,
      subjects,
      protocol: 'http',
      make: ({ main }, { url, construct }) => new main({ apiKey: 'x', baseURL: url, ...construct }),
      call: (client, { call }) => (of === 'OpenAI' ? client.models.list(call) : client.messages.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'a' }] }, call)),
    };
    return [
      { ...shared, on: of, method, places: ['construct', 'call'], base: { construct: { maxRetries: 0 } } },
      { ...shared, title: 'retries', on: 'none', method: 'none', places: [], faults: [], retry: { of, place: 'construct' } },
    ];
  }),
  {
    entry: 'twilio',
    subjects: ['twilio-5', 'twilio-6'],
    protocol: 'http',
    on: 'Twilio',
    method: 'messages.create',
    places: ['construct'],
    make: ({ main }, { construct }) => main('ACx', 'x', construct),
    call: (client, { url }) => client.request({ method: 'get', uri: url }),
  },
  {
    entry: '@sendgrid/mail',
    subjects: ['sendgrid__mail-8'],
    protocol: 'http',
    on: '',
    method: 'send',
    places: ['method'],
    make: ({ main }, { url, chain }) => {
      main.setApiKey('SG.x');
      main.client.setDefaultRequest('baseUrl', url);
      for (const { name, value } of chain) main[name](value);
      return main;
    },
    call: (mail) => mail.send({ to: 'a@example.com', from: 'b@example.com', subject: 's', text: 't' }),
  },
  {
    entry: '@slack/web-api',
    subjects: ['slack__web-api-6', 'slack__web-api-8'],
    protocol: 'http',
    on: 'WebClient',
    method: 'auth.test',
    places: ['construct'],
    base: { construct: { retryConfig: { retries: 0 } } },
    make: ({ named }, { url, construct }) => new named.WebClient('xoxb-x', { slackApiUrl: `${url}/`, ...construct }),
    call: (client) => client.auth.test(),
  },
  {
    entry: '@slack/web-api',
    title: 'retries',
    subjects: ['slack__web-api-6', 'slack__web-api-8'],
    protocol: 'http',
    on: 'none',
    method: 'none',
    places: [],
    faults: [],
    retry: { of: 'WebClient', place: 'construct' },
    make: ({ named }, { url, construct }) => new named.WebClient('xoxb-x', { slackApiUrl: `${url}/`, ...construct }),
    call: (client) => client.auth.test(),
  },
  {
    entry: 'octokit',
    subjects: ['octokit__rest-20', 'octokit__rest-22'],
    protocol: 'http',
    on: 'Octokit',
    method: 'request',
    places: ['construct', 'call'],
    make: ({ named }, { url, construct }) => new named.Octokit({ baseUrl: url, ...construct }),
    call: (client, { call }) => client.request('GET /a', call),
  },
  {
    entry: 'nodemailer',
    subjects: ['nodemailer-6', 'nodemailer-7', 'nodemailer-10'],
    protocol: 'smtp',
    on: 'Transporter',
    method: 'sendMail',
    places: ['construct'],
    make: ({ main }, { host, port, construct }) => main.createTransport({ host, port, ignoreTLS: true, ...construct }),
    call: (transport) => transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 't' }),
  },
];
