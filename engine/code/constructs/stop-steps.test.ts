import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../test/code-facts';

function steps(body: string): string[] {
  const read = factsOf(`import http from 'node:http';\nconst server = http.createServer(run);\nprocess.on('SIGTERM', async () => {\n${body}\n});`);
  return (read.facts.processListeners[0]?.steps ?? []).map((step) => `${step.text}${step.isAwaited ? ' awaited' : ''}${step.exit ? ` then ${read.text(step.exit)}` : ''}`);
}

describe('the steps of a shutdown', () => {
  it('finds an exit behind a close that nobody waits for', () => {
    expect(steps('server.close();\nprocess.exit(0);')).toEqual(['server.close then process.exit(0)']);
  });

  it('looks past logs and other closings', () => {
    expect(steps("server.close();\nconsole.info('closed');\nawait pool.end();\nprocess.exit(1);")).toEqual(['server.close then process.exit(1)', 'pool.end awaited then process.exit(1)']);
  });

  it('stops at whatever may wait', () => {
    expect(steps('server.close();\nawait sleep(5000);\nprocess.exit(0);')).toEqual(['server.close']);
    expect(steps('server.close();\nif (isIdle) process.exit(0);')).toEqual(['server.close']);
  });

  it('leaves an exit in the callback alone', () => {
    expect(steps('server.close(() => process.exit(0));')).toEqual(['server.close']);
  });
});
