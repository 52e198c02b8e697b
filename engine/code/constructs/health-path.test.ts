import { describe, expect, it } from 'vitest';
import { isHealthPath, joinPaths } from './health-path';

describe('the path of a health check', () => {
  it.each(['/health', '/healthz', '/api/v1/live', '/readyz', '/_health', 'status', '/health/live', '/healthz?full=1', '/up'])('%s is one', (path) => expect(isHealthPath(path)).toBe(true));
  it.each(['/', '/orders', '/orders/:id/status', '/healthy-food', '/upload', '/statuses'])('%s is none', (path) => expect(isHealthPath(path)).toBe(false));

  it('is none above 200 characters, so that no path takes long', () => {
    expect(isHealthPath(`${'a/'.repeat(100)}health`)).toBe(false);
    expect(isHealthPath(`${'_'.repeat(150)}/x`)).toBe(false);
  });
});

describe('paths that are joined', () => {
  it.each([['', '', '/'], ['orders', ':id', '/orders/:id'], ['/orders/', '/a/', '/orders/a']])('%s and %s', (a, b, expected) => expect(joinPaths(a, b)).toBe(expected));
});
