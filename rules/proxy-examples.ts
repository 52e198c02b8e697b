// Configurations of proxies for the examples of rules.

/** An HAProxy configuration; `defaults` are lines of that section, `backend` those of backend `orders`. */
export function haproxy(defaults: readonly string[], backend: readonly string[], name = 'backend orders'): string {
  return ['defaults', '    mode http', ...defaults.map((line) => `    ${line}`), '', 'frontend edge', '    bind :80', '    default_backend orders', '', name, ...backend.map((line) => `    ${line}`), ''].join('\n');
}

export const HAPROXY_LIMITS = ['timeout connect 5s', 'timeout client 30s', 'timeout server 30s'];

/** An nginx server with one location. */
export function nginx(location: readonly string[], before: readonly string[] = [], head = 'location /'): string {
  return [...before, 'server {', '    listen 80;', `    ${head} {`, ...location.map((line) => `        ${line}`), '    }', '}', ''].join('\n');
}

/** Static resources of Envoy: one route to cluster `orders`. Lines of the route's action are indented by 24, of the cluster by 6. */
export function envoy(route: readonly string[], cluster: readonly string[], endpoints: readonly string[] = ['10.0.0.1', '10.0.0.2'], name = 'orders'): string {
  return [
    'static_resources:',
    '  listeners:',
    '    - name: edge',
    '      address: { socket_address: { address: 0.0.0.0, port_value: 80 } }',
    '      filter_chains:',
    '        - filters:',
    '            - name: envoy.filters.network.http_connection_manager',
    '              typed_config:',
    '                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    '                stat_prefix: edge',
    '                route_config:',
    '                  virtual_hosts:',
    '                    - name: all',
    '                      domains: ["*"]',
    '                      routes:',
    ...route.map((line) => `                        ${line}`),
    '  clusters:',
    `    - name: ${name}`,
    ...cluster.map((line) => `      ${line}`),
    '      load_assignment:',
    '        cluster_name: orders',
    '        endpoints:',
    '          - lb_endpoints:',
    ...endpoints.map((address) => `              - endpoint: { address: { socket_address: { address: ${address}, port_value: 80 } } }`),
    '',
  ].join('\n');
}

/** A dynamic configuration of Traefik with one service. Lines of its `loadBalancer` besides the servers are indented by 8. */
export function traefik(lines: readonly string[], servers: readonly string[] = ['http://10.0.0.1:80', 'http://10.0.0.2:80'], name = 'orders'): string {
  return ['http:', '  routers:', '    edge:', '      rule: Host(`shop.example`)', '      service: orders', '  services:', `    ${name}:`, '      loadBalancer:', ...lines.map((line) => `        ${line}`), '        servers:', ...servers.map((url) => `          - url: ${url}`), ''].join('\n');
}
