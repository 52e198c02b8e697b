import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../test/lint-files';
import { describeCall, describeClient } from './limits';

const place = ({ file }: { readonly file: string }): string => file;

async function hoverOnCall(text: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code } = await linkFiles({ 'a.ts': text, ...files });
  const call = code.files.find((file) => file.path === 'a.ts')?.calls[0];
  if (!call) throw new Error('no call');
  return describeCall(call, place).plain;
}

describe('the hover of a call', () => {
  it('says the limit that is written, and where', async () => {
    const text = await hoverOnCall("import axios from 'axios';\nexport const f = () => axios.get('http://prices/', { timeout: 2_000 });\n");
    expect(text).toContain('axios.get -> http://prices/');
    expect(text).toMatch(/: 2 s \(timeout, a\.ts\)/);
    expect(text).toContain('Worst case: ');
  });

  it('says the default of the library where nothing is written', async () => {
    const text = await hoverOnCall("import axios from 'axios';\nexport const f = (url: string) => axios.get(url);\n");
    expect(text).toMatch(/: no limit \(axios.* default, timeout\)/);
    expect(text).toContain('Worst case: no limit');
  });

  it('says that it does not know what it cannot see', async () => {
    const text = await hoverOnCall("import axios from 'axios';\nimport { options } from './elsewhere';\nexport const f = (url: string) => axios.get(url, options);\n");
    expect(text).toMatch(/not known/);
    expect(text).not.toMatch(/Worst case: no limit/);
  });

  it('takes the limit of the client that it is made on', async () => {
    const text = await hoverOnCall("import axios from 'axios';\nconst http = axios.create({ timeout: 3_000 });\nexport const f = () => http.get('/a');\n");
    expect(text).toContain('3 s');
  });
});

describe('the hover of a client', () => {
  it('says its limits and how many calls it has', async () => {
    const { code } = await linkFiles({
      'db.ts': "import { Pool } from 'pg';\nexport const pool = new Pool({ max: 10 });\nexport const f = () => pool.query('select 1');\n",
    });
    const client = code.files[0]?.clients[0];
    if (!client) throw new Error('no client');
    const text = describeClient(client, place).plain;
    expect(text).toMatch(/^pool · pg Pool · 1 call/);
    expect(text).toContain('no limit');
  });
});
