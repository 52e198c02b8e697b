// Run once before a release. A person waits for it and can stop it.
import pg from 'pg';
import { settings } from './shared/settings.js';

const client = new pg.Client({ connectionString: settings.databaseUrl });
client.on('error', (error) => console.error(error));
await client.connect();
await client.query(`create table if not exists orders (
  id serial primary key,
  customer text not null,
  total integer not null,
  state text not null default 'new',
  created timestamptz not null default now()
)`);
await client.end();
