// Paths by which a health check is asked.

const HEALTH = /^\/?(?:[\w.-]+\/|_)*_*(?:health|healthz|healthcheck|health-check|health_check|health-status|healthy|live|livez|liveness|live-check|ready|readyz|readiness|isalive|is-alive|alive|status|ping|heartbeat|up|_health|__health)(?:\.json)?(?:\/.*)?$/i;

/** Whether a route's path is that of a health check: `/healthz`, `/api/v1/live`, `/_health/ready`. Linear: paths above 200 characters are none. */
export function isHealthPath(path: string): boolean {
  return path.length <= 200 && HEALTH.test(path.replace(/[?#].*$/, ''));
}

/** `/orders` of `orders` and ``, `/orders/:id` of `/orders` and `:id`. */
export function joinPaths(prefix: string, path: string): string {
  const parts = [...prefix.split('/'), ...path.split('/')].filter((part) => part !== '');
  return `/${parts.join('/')}`;
}
