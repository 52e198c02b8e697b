// Mappers and query builders over a Postgres that answers nothing.

import type { LibraryCase } from '../contract';

export const mappers: readonly LibraryCase[] = [
  {
    entry: 'knex',
    subjects: ['knex-2', 'knex-3'],
    protocol: 'postgres',
    on: 'Knex',
    method: 'raw',
    places: ['construct', 'chain'],
    skip: { 'connection.options.requestTimeout': 'is of SQL Server', 'connection.requestTimeout': 'is of SQL Server' },
    // Its own question for the version would be the query that hangs.
    base: { construct: { version: '16.0', pool: { min: 0 } } },
    make: ({ main }, { host, port, construct }) => main({ client: 'pg', ...construct, connection: { host, port, user: 'u', password: 'p', database: 'd', ...construct.connection } }),
    call: (knex, { chain }) => {
      let query = knex.raw('SELECT 1');
      for (const { name, value } of chain) query = query[name](value);
      return query;
    },
  },
  {
    entry: 'sequelize',
    subjects: ['sequelize-6'],
    protocol: 'postgres',
    on: 'Sequelize',
    method: 'query',
    places: ['construct'],
    skip: { 'dialectOptions.options.requestTimeout': 'is of SQL Server', 'dialectOptions.options.statement_timeout': 'is of the command line' },
    base: { construct: { logging: false, databaseVersion: '16.0.0', retry: { max: 0 } } },
    make: ({ named }, { host, port, construct }) => new named.Sequelize('d', 'u', 'p', { dialect: 'postgres', host, port, ...construct }),
    call: (sequelize) => sequelize.query('SELECT 1'),
  },
  {
    entry: 'typeorm',
    subjects: ['typeorm-0.3', 'typeorm-1'],
    protocol: 'postgres',
    on: 'DataSource',
    method: 'initialize',
    places: ['construct'],
    skip: { 'extra.options.requestTimeout': 'is of SQL Server', requestTimeout: 'is of SQL Server', 'extra.max_execution_time': 'is of MySQL' },
    make: ({ named }, { host, port, construct }) => new named.DataSource({ type: 'postgres', host, port, username: 'u', password: 'p', database: 'd', ...construct }),
    call: (source) => source.initialize(),
  },
  {
    entry: '@prisma/adapter-pg',
    subjects: ['prisma__adapter-pg-7'],
    protocol: 'postgres',
    on: 'PrismaPg',
    method: 'queryRaw',
    places: ['construct'],
    make: async ({ named }, { host, port, construct }) => new named.PrismaPg({ host, port, user: 'u', password: 'p', database: 'd', ...construct }).connect(),
    call: (adapter) => adapter.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] }),
  },
  {
    entry: 'drizzle-orm',
    subjects: ['drizzle-orm-0.45/node-postgres'],
    protocol: 'postgres',
    on: 'NodePgDatabase',
    method: 'execute',
    places: [],
    make: ({ named }, { host, port }) => named.drizzle(`postgres://u:p@${host}:${port}/d`),
    call: (database) => database.execute('SELECT 1'),
  },
  {
    entry: 'mongoose',
    subjects: ['mongoose-6', 'mongoose-8', 'mongoose-9'],
    protocol: 'mongodb',
    on: 'Connection',
    method: 'findOne',
    places: ['construct', 'url'],
    skip: { maxTimeMS: 'is an option of an operation', bufferTimeoutMS: 'counts where nobody waits for the connection' },
    besides: 1,
    base: { construct: { retryReads: false, autoIndex: false, autoCreate: false } },
    event: { on: 'Connection', fault: 'drop' },
    make: ({ main }, { host, port, construct, query }) => main.createConnection(`mongodb://${host}:${port}/d${query}`, construct),
    open: (connection) => connection.asPromise(),
    call: async (connection) => {
      await connection.asPromise();
      return connection.collection('c').findOne({});
    },
  },
];
