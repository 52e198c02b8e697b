import pg from 'pg';
import { settings } from './shared/settings.js';

export const pool = new pg.Pool({
  connectionString: settings.databaseUrl,
  max: 10,
});

export interface Order {
  id: number;
  customer: string;
  total: number;
  state: 'new' | 'paid' | 'shipped';
}
